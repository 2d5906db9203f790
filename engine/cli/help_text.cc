#include "engine/cli/help_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "storage/base/similar.h"
#include "storage/text/normalize.h"

namespace tupu {

namespace {

struct GroupTitle {
  CommandGroup group;
  Text title;
};

constexpr std::array<GroupTitle, 4> kGroups = {{{CommandGroup::kAsk, {"Ask", "查询"}},
                                                {CommandGroup::kDraw, {"Draw", "绘图"}},
                                                {CommandGroup::kBring, {"Bring in and out", "导入导出"}},
                                                {CommandGroup::kCare, {"Care", "维护"}}}};

std::string UsageOf(const CommandSpec& command) {
  std::string usage = fmt::format("tupu {}", command.name);
  for (const PositionalSpec& place : command.positionals)
    usage += fmt::format(fmt::runtime(place.required ? " {}{}" : " [{}{}]"), place.name, place.repeated ? "..." : "");
  return usage + (command.options.empty() ? "" : " [OPTION...]");
}

std::string OptionHead(const OptionSpec& option) {
  std::string head = option.letter == '\0' ? "    " : fmt::format("-{}, ", option.letter);
  head += fmt::format("--{}", option.name);
  if (!option.value.empty()) head += fmt::format(" {}", option.value);
  return head;
}

std::string Padded(const std::string& text, int width) {
  const int blanks = std::max(0, width - DisplayWidth(text));
  return text + std::string(static_cast<size_t>(blanks), ' ');
}

}  // namespace

std::string OverviewText(Language language) {
  constexpr Text kIntro = {
      "tupu: an embedded knowledge graph of companies and industries\n\n"
      "  tupu COMMAND [OPTION...]     tupu DIR opens the shell on that database\n",
      "tupu：嵌入式企业与产业知识图谱引擎\n\n  tupu COMMAND [OPTION...]     tupu DIR 打开该数据库的交互环境\n"};
  constexpr Text kOutro = {
      "\ntupu help COMMAND tells more. Exit status: 0 done, 1 the request failed, 2 wrong usage,\n"
      "3 input, output or a damaged or locked database, 4 stopped by a limit or signal.\n",
      "\n详见 tupu help COMMAND。退出状态：0 完成，1 请求失败，2 用法错误，\n"
      "3 输入输出错误、数据库损坏或被占用，4 因限额或信号而停止。\n"};
  std::string text(kIntro.In(language));
  for (const GroupTitle& group : kGroups) {
    text += fmt::format("\n{}\n", group.title.In(language));
    for (const CommandSpec& command : AllCommands()) {
      if (command.group == group.group)
        text += fmt::format("  {}{}\n", Padded(std::string(command.name), 13), command.summary.In(language));
    }
  }
  text += kOutro.In(language);
  return text;
}

std::string CommandText(const CommandSpec& command, Language language) {
  constexpr Text kOptions = {"Options", "选项"};
  std::string text = fmt::format("{}\n\n{}\n", UsageOf(command), command.summary.In(language));
  if (!command.alias.empty())
    text += fmt::format(fmt::runtime(Text{"Also: {}\n", "别名：{}\n"}.In(language)), command.alias);
  if (!command.details.en.empty()) text += fmt::format("\n{}\n", command.details.In(language));
  text += fmt::format("\n{}\n", kOptions.In(language));
  int width = 0;
  for (const OptionSpec& option : command.options) width = std::max(width, DisplayWidth(OptionHead(option)));
  for (const OptionSpec& option : command.options)
    text += fmt::format("  {}  {}\n", Padded(OptionHead(option), width), option.help.In(language));
  return text;
}

Error UnknownCommand(std::string_view word) {
  std::vector<std::string_view> names;
  for (const CommandSpec& command : AllCommands()) {
    names.push_back(command.name);
    if (!command.alias.empty()) names.push_back(command.alias);
  }
  const std::optional<std::string> nearest = NearestName(word, names);
  return UsageError(fmt::format("there is no command {}", word),
                    nearest ? fmt::format("did you mean {}?", *nearest) : "see tupu help");
}

}  // namespace tupu
