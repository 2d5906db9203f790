// What `tupu stats` says of the forms that edges and properties are read from.

#include "engine/cli/reading_forms.h"

#include <chrono>
#include <filesystem>
#include <span>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "storage/graph/graph_snapshot.h"
#include "storage/graph/graph_store.h"
#include "tests/storage/temporary_directory.h"

namespace tupu {
namespace {

class ReadingForms : public testing::Test {
 protected:
  void SetUp() override { Fill(*GraphStore::OpenInMemory()); }

  void Fill(std::unique_ptr<GraphStore> store) {
    store_ = std::move(store);
    vertices_.clear();
    edges_.clear();
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
  int64_t CountOf(std::string_view what, const Value& name = Value()) {
    return CountOf(Lines(Language::kEnglish), what, name);
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

/// A store on disk with a file of saved CSRs, opened again.
class SavedReadingForms : public ReadingForms {
 protected:
  static constexpr std::string_view kToMap = "types and directions in saved CSRs, mapped when reads pay";
  static constexpr std::string_view kFromBlocks = "types and directions read from blocks";

  void SetUp() override {
    Fill(*GraphStore::Open(directory_ / "db", Options()));
    ASSERT_GT(store_->SaveCsrs()->bytes, 0u);
    store_.reset();
    store_ = *GraphStore::Open(directory_ / "db", Options());
  }
  static GraphStoreOptions Options() {
    GraphStoreOptions options;
    options.sync = false;
    options.csr_worth_saving = std::chrono::hours(24);
    return options;
  }
  std::string SavedFile() const {
    return fmt::format("{}/csr-{}.tupu", directory_ / "db", store_->Stats()->saved_csrs.commit);
  }

  TemporaryDirectory directory_;
};

TEST_F(SavedReadingForms, AFileIsNamedBeforeItIsMappedAndAfter) {
  EXPECT_EQ(CountOf(kToMap), 2);
  EXPECT_EQ(CountOf(kFromBlocks), 0);
  EXPECT_EQ(CountOf(Lines(Language::kChinese), "已保存 CSR 的类型与方向（读取达一定量时映射）", Value()), 2);
  const auto view = *store_->Snapshot();
  Topology& topology = *dynamic_cast<const GraphSnapshot&>(*view).topology();
  const ListSet out{*view->catalog().edge_types().Find("SUPPLIES"), AdjacencySide::kOut};
  ASSERT_TRUE(topology.Build(std::span(&out, 1)).has_value());
  EXPECT_EQ(CountOf("edges in saved CSR", Value("SUPPLIES outgoing")), 300);
  EXPECT_EQ(CountOf(kToMap), 1);
  EXPECT_EQ(CountOf(kFromBlocks), 0);
  ASSERT_TRUE(topology.Build().has_value());
  EXPECT_EQ(CountOf("edges in saved CSR", Value("SUPPLIES incoming")), 300);
  EXPECT_EQ(CountOf(kToMap), -1);
  // What a fold makes of it lies in memory alone.
  auto transaction = *store_->BeginWrite();
  ASSERT_TRUE(transaction->CreateEdge(vertices_[1], out.type, vertices_[2], {}).has_value());
  ASSERT_TRUE(transaction->Commit().has_value());
  topology.FoldAll();
  EXPECT_EQ(CountOf("edges in CSR", Value("SUPPLIES outgoing")), 301);
  EXPECT_EQ(CountOf("edges in saved CSR", Value("SUPPLIES outgoing")), -1);
}

TEST_F(SavedReadingForms, AFileThatCannotBeUsedIsNotNamed) {
  const std::string file = SavedFile();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  EXPECT_EQ(CountOf(kToMap), -1);
  EXPECT_EQ(CountOf(kFromBlocks), 2);
  std::filesystem::remove(file);
  EXPECT_EQ(CountOf(kFromBlocks), 2);
}

TEST_F(SavedReadingForms, NorIsOneThatTheMemoryDoesNotHold) {
  GraphStoreOptions options = Options();
  options.cache_bytes = 1;
  store_.reset();
  store_ = *GraphStore::Open(directory_ / "db", options);
  EXPECT_EQ(CountOf(kToMap), -1);
  EXPECT_EQ(CountOf(kFromBlocks), 2);
}

}  // namespace
}  // namespace tupu
