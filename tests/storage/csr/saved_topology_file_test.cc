// The bytes of a file of saved CSRs.

#include <initializer_list>

#include "storage/csr/saved_topology.h"
#include "tests/storage/csr/saved_topology_bytes.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

class SavedTopologyFile : public testing::Test {
 protected:
  /// Vertices 1 and 70 with edges out, of type 5; ids of edges beyond 2^32.
  static TopologyCsr Csr() {
    TopologyCsrBuilder builder(100, kEdges);
    builder.BeginRow(1);
    builder.AppendEdge(7, kEdges - 1);
    builder.AppendEdge(9, 4);
    builder.BeginRow(70);
    builder.AppendEdge(1, 6);
    return builder.Finish();
  }

  SavedCsrRecord Save() {
    GraphCounts counts;
    counts.commit = 12;
    counts.next_vertex = 100;
    counts.next_edge = kEdges;
    return Must(SaveTopology(files_, counts, {{kSet}, [](ListSet) -> Result<TopologyCsr> { return Csr(); }}));
  }
  std::string path() const { return directory_ / "csr-12.tupu"; }

  static constexpr uint64_t kEdges = uint64_t{1} << 40;
  static constexpr ListSet kSet{EdgeTypeId{5}, AdjacencySide::kOut};
  TemporaryDirectory directory_;
  SideFiles files_{directory_.path(), nullptr};
};

std::string Numbers(std::initializer_list<uint64_t> numbers, int width) {
  std::string out;
  for (const uint64_t number : numbers) AppendFixed(out, number, width);
  return out;
}

std::string Padded(std::string bytes) {
  bytes.resize((bytes.size() + 63) / 64 * 64);
  return bytes;
}

TEST_F(SavedTopologyFile, HasTheseBytes) {
  const SavedCsrRecord record = Save();
  const std::string header = Padded("tupu csr" + Numbers({2, 0x01020304}, 4) + Numbers({12, 100, kEdges}, 8));
  const std::string groups = Padded(Numbers({0b10, 0, 0b1000000, 4 * 10}, 8));
  // Before the group; before the row, then before the next or in all; 7 zeros after the last.
  const std::string offsets =
      Padded(Numbers({0}, 8) + Numbers({0, 2}, 1) + Numbers({2}, 8) + Numbers({0, 1}, 1) + std::string(7, '\0'));
  const std::string targets = Padded(Numbers({7, 9, 1}, 4));
  const std::string edges = Padded(Numbers({kEdges - 1, 4, 6}, 8));
  const std::string table =
      Numbers({5}, 4) + Numbers({0, 0, 1, 0}, 1) + Numbers({2, 27, 3}, 8) +
      Numbers({Checksum64Of(groups), Checksum64Of(offsets), Checksum64Of(targets), Checksum64Of(edges)}, 8);
  const std::string body = header + groups + offsets + targets + edges + table;
  const std::string expected = body + Numbers({1, Checksum64Of(header + table), body.size() + 32}, 8) + "tupu csr";
  EXPECT_EQ(ReadAll(path()), expected);
  EXPECT_EQ(record, (SavedCsrRecord{12, expected.size(), 3, Checksum64Of(header + table)}));
  EXPECT_EQ(Must(Must(SavedTopology::Open(files_, record))->Load(kSet)), Csr());
}

TEST_F(SavedTopologyFile, OfAnotherVersionIsNotRead) {
  const SavedCsrRecord present = GiveVersion(path(), Save(), 2);
  EXPECT_DONE(SavedTopology::Open(files_, present));
  for (const uint32_t version : {1u, 3u}) {
    const SavedCsrRecord record = GiveVersion(path(), present, version);
    EXPECT_CODE(SavedTopology::Open(files_, record), kUnsupported);
  }
}

}  // namespace
}  // namespace tupu
