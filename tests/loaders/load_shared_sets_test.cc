// Every data set beside the repository: its counts are those of its README, and loading it again writes nothing.

#include <charconv>

#include "load_fixture.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

using Counts = std::map<std::string, uint64_t>;

uint64_t Number(std::string text) {
  std::erase(text, ',');
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// The rows of the table that begins with "| `heading` |".
Counts Table(const fs::path& readme, const std::string& heading) {
  std::ifstream file(readme);
  Counts counts;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| " + heading + " |")) {
      inside = true;
    } else if (inside && line.starts_with("| ---")) {
      continue;
    } else if (inside && line.starts_with("| ")) {
      const size_t bar = line.find(" | ", 2);
      counts[line.substr(2, bar - 2)] = Number(line.substr(bar + 3));
    } else {
      inside = false;
    }
  }
  return counts;
}

class SharedSet : public ::testing::TestWithParam<std::string> {
 protected:
  static fs::path Data() { return fs::path(TUPU_SHARED_DIR) / "data"; }
};

void ExpectLoadedOnce(const fs::path& folder, const Counts& labels, const Counts& types) {
  auto store = std::move(*GraphStore::OpenInMemory());
  const std::vector<std::string> paths = {folder.string()};
  const Result<LoaderSummary> first = LoadInto(*store, paths, {});
  ASSERT_TRUE(first.has_value()) << first.error().message;
  const auto view = *store->Snapshot();
  for (const auto& [label, count] : labels)
    EXPECT_EQ(view->CountVertices(*view->catalog().labels().Find(label)), count) << label;
  for (const auto& [type, count] : types)
    EXPECT_EQ(view->CountEdges(*view->catalog().edge_types().Find(type)), count) << type;
  EXPECT_EQ(view->catalog().edge_types().size(), types.size());

  const Result<LoaderSummary> again = LoadInto(*store, paths, {});
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(again->vertices_created + again->vertices_merged, 0u);
  EXPECT_EQ(again->edges_created + again->edges_merged, 0u);
  EXPECT_EQ(again->vertices_unchanged, first->vertices_created);
  EXPECT_EQ(again->edges_unchanged, first->edges_created);
}

TEST_P(SharedSet, HasTheCountsOfItsReadmeHoweverOftenItIsLoaded) {
  const fs::path folder = Data() / GetParam();
  if (!fs::exists(folder)) GTEST_SKIP() << "the data sets are not beside the repository: " << folder;
  const Counts labels = Table(folder / "README.md", "label");
  const Counts types = Table(folder / "README.md", "type");
  ASSERT_FALSE(labels.empty());
  ASSERT_FALSE(types.empty());
  ExpectLoadedOnce(folder, labels, types);
}

INSTANTIATE_TEST_SUITE_P(Sets, SharedSet,
                         ::testing::Values("acquisitions", "alliance", "bitcoin-otc", "ca-grqc", "cn-industry-chain",
                                           "cn-listed-sh", "cnr-2000", "email-eu-core", "fincen", "karate", "lesmis",
                                           "lsqb-0.003", "lsqb-example", "movies", "northwind", "polblogs",
                                           "power-grid", "us-shareholders", "wiki-vote"),
                         [](const auto& set) {
                           std::string name = set.param;
                           std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
                           return name;
                         });

TEST(SharedGraphalytics, HasTheCountsOfItsReadmeHoweverOftenItIsLoaded) {
  const fs::path folder = fs::path(TUPU_SHARED_DIR) / "data" / "graphalytics";
  if (!fs::exists(folder)) GTEST_SKIP() << "the data sets are not beside the repository: " << folder;
  ExpectLoadedOnce(folder / "example-directed", {{"Vertex", 10}}, {{"EDGE", 17}});
  ExpectLoadedOnce(folder / "example-undirected", {{"Vertex", 9}}, {{"EDGE", 12}});
}

}  // namespace
}  // namespace tupu
