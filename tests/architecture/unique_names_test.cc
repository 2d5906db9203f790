// One namespace holds all types: two headers that define the same name would be one type to the linker, which keeps one of
// two std::vector<Name> and lets the other's user write over memory. No compiler sees it; this test does.

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

TEST(UniqueNames, NoTwoHeadersDefineTheSameType) {
  // Types at namespace scope begin their line; a declaration ends in ';'.
  static const std::regex kDefinition(R"(^(?:struct|class|enum class)\s+(\w+)\b[^;<]*(\{.*)?$)");
  std::map<std::string, std::string> defined_in;
  for (const char* folder : {"storage", "query", "loaders", "engine"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(TUPU_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream in(entry.path());
      std::string line;
      while (std::getline(in, line)) {
        std::smatch match;
        if (!std::regex_match(line, match, kDefinition)) continue;
        const auto [first, added] = defined_in.emplace(match[1], entry.path());
        EXPECT_TRUE(added || first->second == entry.path())
            << match[1] << " is defined in " << first->second << " and in " << entry.path();
      }
    }
  }
  EXPECT_GT(defined_in.size(), 100u);
}

}  // namespace
