// What `tupu stats` says of the forms that edges and properties are read from.

#include "engine/cli/reading_forms.h"

#include <gtest/gtest.h>

#include "storage/graph/graph_snapshot.h"
#include "storage/graph/graph_store.h"

namespace tupu {
namespace {

class ReadingForms : public testing::Test {
 protected:
  void SetUp() override {
    store_ = *GraphStore::OpenInMemory();
    auto transaction = *store_->BeginWrite();
    const PropertyKeyId name = transaction->InternPropertyKey("name");
    const PropertyKeyId since = transaction->InternPropertyKey("since");
    const EdgeTypeId type = transaction->InternEdgeType("SUPPLIES");
    for (int64_t i = 0; i < 300; ++i) {
      vertices_.push_back(*transaction->CreateVertex({}, {{name, Value(i % 2 == 0 ? "a" : "b")}}));
      edges_.push_back(*transaction->CreateEdge(vertices_[0], type, vertices_.back(), {{since, Value(2000 + i)}}));
    }
    ASSERT_TRUE(transaction->Commit().has_value());
  }

  std::vector<Row> Lines(Language language) {
    return DescribeReadingForms(**store_->Snapshot(), *store_->Stats(), language);
  }
  static int64_t CountOf(const std::vector<Row>& lines, std::string_view what, const Value& name) {
    for (const Row& line : lines) {
      if (line[0] == Value(what) && line[1] == name) return line[2].AsInteger();
    }
    return -1;
  }

  std::unique_ptr<GraphStore> store_;
  std::vector<VertexId> vertices_;
  std::vector<EdgeReference> edges_;
};

TEST_F(ReadingForms, PropertiesAreReadFromRecordsAtFirst) {
  EXPECT_EQ(CountOf(Lines(Language::kEnglish), "properties read from columns", Value()), 0);
  EXPECT_EQ(CountOf(Lines(Language::kChinese), "由列读取的属性", Value()), 0);
  EXPECT_EQ(CountOf(Lines(Language::kEnglish), "types and directions read from blocks", Value()), 2);
}

TEST_F(ReadingForms, ColumnsAreListedWithTheirBytes) {
  const auto view = *store_->Snapshot();
  const PropertyKeyId name = *view->catalog().property_keys().Find("name");
  const PropertyKeyId since = *view->catalog().property_keys().Find("since");
  for (int i = 0; i < 2000; ++i) {
    ASSERT_TRUE(view->VertexProperty(vertices_[0], name).has_value());
    ASSERT_TRUE(view->EdgeProperty(edges_[0], since).has_value());
  }
  dynamic_cast<const GraphSnapshot&>(*view).columns()->WaitUntilIdle();
  const std::vector<Row> lines = Lines(Language::kEnglish);
  EXPECT_GT(CountOf(lines, "bytes of a vertex property column", Value("name (dictionary)")), 300);
  EXPECT_GT(CountOf(lines, "bytes of an edge property column", Value("SUPPLIES.since (integers)")), 600);
  EXPECT_EQ(CountOf(lines, "properties read from columns", Value()), 2);
  EXPECT_GT(CountOf(Lines(Language::kChinese), "关系属性列的字节", Value("SUPPLIES.since (整数)")), 600);
  EXPECT_GT(CountOf(Lines(Language::kChinese), "实体属性列的字节", Value("name (字典)")), 300);
}

}  // namespace
}  // namespace tupu
