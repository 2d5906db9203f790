#include "engine/cli/arguments.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/cli/command.h"
#include "engine/cli/help_text.h"
#include "engine/cli/output_format.h"

namespace tupu {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<OptionSpec> kOptions = {{.name = "limit", .letter = 'n', .value = "N", .help = {"", ""}},
                                          {.name = "types", .value = "T,..", .help = {"", ""}, .repeated = true},
                                          {.name = "timeout", .value = "S", .help = {"", ""}},
                                          {.name = "why", .letter = 'w', .help = {"", ""}},
                                          {.name = "all", .letter = 'a', .help = {"", ""}}};
const std::vector<PositionalSpec> kOneName = {{.name = "NAME"}};

Result<Arguments> Parse(const std::vector<std::string>& words) {
  return ParseArguments(words, kOptions, kOneName);
}

Error ErrorOf(const std::vector<std::string>& words) {
  const Result<Arguments> arguments = Parse(words);
  EXPECT_FALSE(arguments.has_value());
  if (arguments) return {};
  EXPECT_EQ(ExitStatusOf(arguments.error()), ExitStatus::kUsage);
  return arguments.error();
}

}  // namespace

TEST(ParseArguments, TakesEverySpellingOfAnOption) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"--limit", "5", "x"}, {"x", "--limit=5"}, {"-n", "5", "x"}, {"-n5", "x"}, {"-wn5", "x"}}) {
    const Result<Arguments> arguments = Parse(words);
    ASSERT_TRUE(arguments.has_value()) << arguments.error().message;
    EXPECT_EQ(arguments->GetCount("limit", 0).value(), 5u);
    EXPECT_THAT(arguments->positionals(), ElementsAre("x"));
  }
}

TEST(ParseArguments, TakesWordsBehindTwoDashesAsTheyAre) {
  const Result<Arguments> arguments = Parse({"--", "--why"});
  ASSERT_TRUE(arguments.has_value());
  EXPECT_THAT(arguments->positionals(), ElementsAre("--why"));
  EXPECT_FALSE(arguments->Has("why"));
}

TEST(ParseArguments, TakesASingleDashAsAWord) {
  EXPECT_THAT(Parse({"-"})->positionals(), ElementsAre("-"));
}

TEST(ParseArguments, CollectsLists) {
  const Result<Arguments> arguments = Parse({"x", "--types", "A, B", "--types=C"});
  ASSERT_TRUE(arguments.has_value());
  EXPECT_THAT(arguments->GetList("types"), ElementsAre("A", "B", "C"));
}

TEST(ParseArguments, SuggestsTheNearestOption) {
  EXPECT_EQ(ErrorOf({"x", "--limti", "3"}).hint, "did you mean --limit?");
  EXPECT_THAT(ErrorOf({"x", "--as-of", "2021"}).message, HasSubstr("does not offer"));
  EXPECT_THAT(ErrorOf({"x", "-z"}).message, HasSubstr("-z"));
}

TEST(ParseArguments, RefusesWhatDoesNotFit) {
  EXPECT_THAT(ErrorOf({}).message, HasSubstr("NAME is missing"));
  EXPECT_THAT(ErrorOf({"x", "y"}).message, HasSubstr("one word too many: y"));
  EXPECT_THAT(ErrorOf({"x", "--limit"}).message, HasSubstr("needs a value"));
  EXPECT_THAT(ErrorOf({"x", "--why=1"}).message, HasSubstr("takes no value"));
  EXPECT_THAT(ErrorOf({"x", "-n", "1", "-n", "2"}).message, HasSubstr("twice"));
}

TEST(Arguments, ReadNumbersWhole) {
  for (const char* text : {"", "x", "3x", "-1", "99999999999999999999"}) {
    const Result<Arguments> arguments = Parse({"x", "--limit", text});
    ASSERT_TRUE(arguments.has_value());
    EXPECT_FALSE(arguments->GetCount("limit", 0).has_value()) << text;
  }
  EXPECT_FALSE(Parse({"x", "--limit", "0"})->GetCount("limit", 0, 1).has_value());
  EXPECT_EQ(Parse({"x", "--timeout", "0.5"})->GetSeconds("timeout", {}).value(), std::chrono::milliseconds(500));
  for (const char* text : {"0", "-1", "nan", "1e99", "1s"})
    EXPECT_FALSE(Parse({"x", "--timeout", text})->GetSeconds("timeout", {}).has_value()) << text;
}

TEST(ChooseFormat, PrefersTheOptionOverTheExtension) {
  EXPECT_EQ(ChooseFormat("json", "x.svg", OutputFormat::kTable).value(), OutputFormat::kJson);
  EXPECT_EQ(ChooseFormat(std::nullopt, "a.b/x.SVG", OutputFormat::kTable).value(), OutputFormat::kSvg);
  EXPECT_EQ(ChooseFormat(std::nullopt, "out", OutputFormat::kCsv).value(), OutputFormat::kCsv);
  EXPECT_EQ(ChooseFormat("jsnl", std::nullopt, OutputFormat::kTable).error().hint, "did you mean jsonl?");
  EXPECT_FALSE(ChooseFormat(std::nullopt, "x.docx", OutputFormat::kTable).has_value());
}

TEST(Commands, DeclareEveryOptionOnceWithHelpInBothLanguages) {
  for (const CommandSpec& command : AllCommands()) {
    std::set<std::string_view> names;
    std::set<char> letters;
    EXPECT_FALSE(command.summary.en.empty() || command.summary.zh.empty()) << command.name;
    for (const OptionSpec& option : command.options) {
      EXPECT_TRUE(names.insert(option.name).second) << command.name << " --" << option.name;
      const bool fresh = option.letter == '\0' || letters.insert(option.letter).second;
      EXPECT_TRUE(fresh) << command.name << " -" << option.letter;
      EXPECT_FALSE(option.help.en.empty() || option.help.zh.empty()) << command.name << " --" << option.name;
    }
    EXPECT_THAT(OverviewText(Language::kEnglish), HasSubstr(std::string(command.name)));
  }
}

TEST(UnknownCommand, SuggestsTheNearest) {
  EXPECT_EQ(UnknownCommand("partner").hint, "did you mean partners?");
}

}  // namespace tupu
