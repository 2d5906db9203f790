#include "loaders/bulk/csv_chunks.h"

#include <random>

#include <gtest/gtest.h>

#include "storage/csv/csv_reader.h"

namespace tupu {
namespace {

using Rows = std::vector<std::pair<uint64_t, std::vector<std::string>>>;  // line, fields

void AppendRows(CsvReader& reader, Rows& rows) {
  while (*reader.Next()) {
    auto& row = rows.emplace_back(reader.line(), std::vector<std::string>());
    for (const CsvField& field : reader.fields()) row.second.emplace_back(field.text);
  }
}

/// The chunks together hold the same rows on the same lines as the whole text.
size_t ExpectSameRows(const std::string& text, const std::string& delimiter) {
  Rows expected;
  CsvReader whole(TextSourceOver(text), "whole", {.delimiter = delimiter});
  AppendRows(whole, expected);
  Rows rows;
  CsvChunks chunks(TextSourceOver(text), delimiter);
  size_t count = 0;
  uint64_t bytes = 0;
  for (auto chunk = *chunks.Next(); chunk; chunk = *chunks.Next()) {
    EXPECT_EQ(chunk->is_first, count == 0);
    CsvReader reader(TextSourceOver(chunk->text), "part", {.delimiter = delimiter, .first_line = chunk->first_line});
    AppendRows(reader, rows);
    bytes += chunk->bytes;
    ++count;
  }
  EXPECT_EQ(bytes, text.size());
  EXPECT_EQ(rows, expected);
  return count;
}

TEST(CsvChunks, CutsWhereRowsEnd) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> cells = {"1",
                                          "",
                                          "\"\"",
                                          "\"a,b\"",
                                          "\"two\nlines\"",
                                          "\"cr\r\nlf\"",
                                          "\"say \"\"x\"\"\"",
                                          "中文",
                                          "a\"b",
                                          "\"\"\"\"",
                                          "plain text of a certain length"};
  for (const std::string delimiter : {",", "\t", "\xE2\x82\xAC"}) {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
      std::string text = "\xEF\xBB\xBFid,name" + end;
      while (text.size() < 700'000) {
        for (int i = 0; i < 5; ++i) text += (i > 0 ? delimiter : "") + cells[random() % cells.size()];
        text += end;
        if (random() % 50 == 0) text += end;  // a blank line
      }
      if (random() % 2 == 0) text += "last" + delimiter + "row";
      EXPECT_GE(ExpectSameRows(text, delimiter), 3u);
    }
  }
}

TEST(CsvChunks, AByteOrderMarkWithinTheFileIsText) {
  std::string text = "a,b\n";
  for (int i = 0; i < 200'000; ++i) text += "\xEF\xBB\xBF,x\n";
  EXPECT_GE(ExpectSameRows(text, ","), 3u);
}

TEST(CsvChunks, ALongQuotedFieldStaysWhole) {
  EXPECT_EQ(ExpectSameRows("a,\"" + std::string(3'000'000, '\n') + "\"\nb,c\n", ","), 1u);
}

TEST(CsvChunks, AnEmptyFileHasNone) {
  CsvChunks chunks(TextSourceOver(""), ",");
  EXPECT_FALSE((*chunks.Next()).has_value());
}

}  // namespace
}  // namespace tupu
