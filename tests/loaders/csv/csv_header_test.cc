#include "loaders/csv/csv_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/csv/csv_reader.h"

namespace tupu {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

CsvColumn Column(std::string_view text) {
  const Result<CsvColumn> column = ParseCsvColumn(text);
  EXPECT_TRUE(column.has_value()) << column.error().message;
  return column.has_value() ? *column : CsvColumn();
}

Result<CsvHeader> Header(std::string_view text) {
  CsvReader reader(TextSourceOver(text), "h.csv");
  EXPECT_TRUE(*reader.Next());
  return ParseCsvHeader(reader);
}

TEST(CsvColumn, ReadsIds) {
  EXPECT_EQ(Column("id:ID").name, "id");
  EXPECT_EQ(Column(":ID").name, "");
  EXPECT_EQ(Column(":ID(firms)").group, "firms");
  const CsvColumn full = Column("code:ID(Firms of 2021){label:Firm, id-type:int}");
  EXPECT_EQ(full.role, ColumnRole::kId);
  EXPECT_EQ(full.name, "code");
  EXPECT_EQ(full.group, "Firms of 2021");
  EXPECT_EQ(full.label, "Firm");
  EXPECT_EQ(full.type.scalar, ScalarType::kInteger);
  EXPECT_EQ(Column(":START_ID(a:b)").group, "a:b");
  EXPECT_EQ(Column(":END_ID").role, ColumnRole::kEndId);
}

TEST(CsvColumn, ReadsPropertiesAndTheOtherRoles) {
  EXPECT_EQ(Column("name").type.scalar, ScalarType::kString);
  EXPECT_EQ(Column("sources:string[]").type.is_list, true);
  EXPECT_EQ(Column("a:b:float").name, "a:b");
  EXPECT_EQ(Column("price (USD)").name, "price (USD)");
  EXPECT_EQ(Column("at:datetime{timezone:Europe/Stockholm}").type.timezone, "Europe/Stockholm");
  EXPECT_EQ(Column(":LABEL").role, ColumnRole::kLabel);
  EXPECT_EQ(Column(":TYPE").role, ColumnRole::kType);
  EXPECT_EQ(Column(":IGNORE").role, ColumnRole::kIgnore);
  EXPECT_EQ(Column("note:IGNORE").role, ColumnRole::kIgnore);
}

struct BadColumn {
  const char* text;
  ErrorCode code;
  const char* message;
};

class CsvColumnRefuses : public ::testing::TestWithParam<BadColumn> {};

TEST_P(CsvColumnRefuses, ByName) {
  const Result<CsvColumn> column = ParseCsvColumn(GetParam().text);
  ASSERT_FALSE(column.has_value());
  EXPECT_EQ(column.error().code, GetParam().code) << column.error().message;
  EXPECT_THAT(column.error().message, HasSubstr(GetParam().message));
}

constexpr auto kInvalid = ErrorCode::kInvalidArgument;
constexpr auto kNotOffered = ErrorCode::kUnsupported;

INSTANTIATE_TEST_SUITE_P(
    Columns, CsvColumnRefuses,
    ::testing::Values(BadColumn{"place:point", kNotOffered, "the type point is not supported"},
                      BadColumn{"place:point{crs:WGS-84}", kNotOffered, "the type point is not supported"},
                      BadColumn{"v:vector{coordinateType:float,dimensions:768}", kNotOffered, "the type vector"},
                      BadColumn{":ACTION", kNotOffered, "incremental actions"},
                      BadColumn{":-name", kNotOffered, "columns that remove"},
                      BadColumn{"-name:string", kNotOffered, "columns that remove"},
                      BadColumn{":-LABEL", kNotOffered, "columns that remove"},
                      BadColumn{"id:ID{id-type:float}", kNotOffered, "the id-type \"float\""},
                      BadColumn{"id:ID{unique:yes}", kNotOffered, "the option \"unique\""},
                      BadColumn{"n:int{timezone:Z}", kNotOffered, "the option \"timezone\""},
                      BadColumn{"n:int{timezone}", kInvalid, "has no value"},
                      BadColumn{"n:datetime{timezone:Europe/Stokholm}", kInvalid, "unknown time zone"},
                      BadColumn{"n:time{timezone:Europe/Stockholm}", kInvalid, "depends on the date"},
                      BadColumn{"n:number", kInvalid, "unknown type \"number\""},
                      BadColumn{":int", kInvalid, "has no property name"},
                      BadColumn{"", kInvalid, "has no property name"},
                      BadColumn{"n:int(g)", kInvalid, "only ids have a group"},
                      BadColumn{":TYPE(g)", kInvalid, "only ids have a group"},
                      BadColumn{"kind:LABEL", kInvalid, "write :LABEL without a name"}));

TEST(CsvHeader, TellsVerticesFromEdges) {
  EXPECT_FALSE(Header("id:ID,name,:LABEL")->is_edges);
  EXPECT_TRUE(Header(":START_ID,:END_ID,:TYPE,since:int")->is_edges);
}

TEST(CsvHeader, NamesThePlaceOfABadColumn) {
  const Result<CsvHeader> header = Header("id:ID,\"na\nme\",x:point");
  ASSERT_FALSE(header.has_value());
  EXPECT_EQ(header.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(header.error().message, StartsWith("h.csv:2:5: column \"x:point\""));
  EXPECT_EQ(Header("id:ID,at:datetime{timezone:Europe/Stokholm}").error().hint, "Did you mean Europe/Stockholm?");
}

TEST(CsvHeader, RefusesColumnsThatDoNotGoTogether) {
  const auto refused = [](std::string_view text, std::string_view message) {
    const Result<CsvHeader> header = Header(text);
    ASSERT_FALSE(header.has_value()) << text;
    EXPECT_THAT(header.error().message, StartsWith("h.csv:1:")) << text;
    EXPECT_THAT(header.error().message, HasSubstr(std::string(message)));
  };
  refused("name,:LABEL", "neither an :ID nor a :START_ID");
  refused(":START_ID,:TYPE", "both a :START_ID and an :END_ID");
  refused(":START_ID,:END_ID", "one :TYPE column");
  refused(":START_ID,:END_ID,:TYPE,:TYPE", "one :TYPE column");
  refused(":START_ID,:END_ID,:TYPE,:LABEL", "no :LABEL column");
  refused(":ID,:TYPE", "no :TYPE column");
  refused("id:ID,id:int", "two columns are named \"id\"");
  refused("a:ID(x),b:ID(y)", "different groups");
  refused(":ID(g),:START_ID,:END_ID,:TYPE", "ids of edges have no group");
}

TEST(CsvHeader, IsToldFromARowOfData) {
  CsvReader reader(TextSourceOver("id,value\n:START_ID(x),y\nname,id:ID\nhttp://x:ID/,b\n"), "t.csv");
  std::vector<bool> found;
  while (*reader.Next()) found.push_back(LooksLikeCsvHeader(reader));
  EXPECT_THAT(found, ::testing::ElementsAre(false, true, true, false));
}

}  // namespace
}  // namespace tupu
