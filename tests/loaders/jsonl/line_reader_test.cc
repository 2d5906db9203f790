#include "loaders/jsonl/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {
namespace {

std::vector<std::string> ReadAll(std::string_view text) {
  LineReader reader(TextSourceOver(text), "t.jsonl");
  std::vector<std::string> lines;
  while (*reader.Next()) lines.emplace_back(reader.line());
  EXPECT_EQ(reader.number(), lines.size());
  return lines;
}

TEST(LineReader, SplitsLinesOfAnyLength) {
  EXPECT_THAT(ReadAll(""), ::testing::ElementsAre());
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"
                      "a\r\n\nb"),
              ::testing::ElementsAre("a", "", "b"));
  const std::string large(1 << 20, 'x');
  EXPECT_THAT(ReadAll("a\n" + large + "\nb\n"), ::testing::ElementsAre("a", large, "b"));
}

TEST(LineReader, LimitsTheLengthOfALine) {
  const std::string text = "a\n" + std::string(1 << 20, 'x');
  LineReader reader(TextSourceOver(text), "t.jsonl", 1000);
  ASSERT_TRUE(*reader.Next());
  const Result<bool> next = reader.Next();
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error().code, ErrorCode::kResourceExhausted);
  EXPECT_THAT(next.error().message, ::testing::StartsWith("t.jsonl:2:1: "));
}

}  // namespace
}  // namespace tupu
