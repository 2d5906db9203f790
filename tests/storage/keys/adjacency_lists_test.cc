#include "storage/keys/adjacency_lists.h"

#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "storage/keys/property_row.h"

namespace tupu {
namespace {

struct Decoded {
  std::vector<uint64_t> targets;
  std::vector<uint64_t> edges;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

std::optional<Decoded> DecodeLists(std::string_view bytes) {
  // A copy without anything behind it, so that a read beyond the end is seen by the sanitizer.
  const auto exact = std::make_unique<char[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), exact.get());
  AdjacencyLists lists;
  if (!ParseAdjacencyLists({exact.get(), bytes.size()}, lists)) return std::nullopt;
  Decoded decoded;
  const bool whole = VisitAdjacencyLists(lists, [&](uint64_t target, uint64_t edge) {
    decoded.targets.push_back(target);
    decoded.edges.push_back(edge);
  });
  return whole ? std::optional(decoded) : std::nullopt;
}

/// What the checking decoder says.
std::optional<Decoded> DecodeBlock(std::string_view bytes) {
  const Result<AdjacencyBlock> block = AdjacencyBlock::Parse(bytes);
  Decoded decoded;
  if (!block || !block->DecodeTargets(decoded.targets) || !block->DecodeEdgeIds(decoded.edges)) return std::nullopt;
  return decoded;
}

std::string RandomBlock(std::mt19937_64& random, size_t size, int bits, bool with_rows) {
  std::vector<AdjacencyEntry> entries;
  std::string row;
  AppendRow(row, Properties{{PropertyKeyId{1}, Value(int64_t{7})}});
  for (size_t i = 0; i < size; ++i) {
    entries.push_back({random() >> (64 - bits), random() >> (64 - bits), with_rows ? std::string_view(row) : ""});
  }
  std::sort(entries.begin(), entries.end(), [](const AdjacencyEntry& a, const AdjacencyEntry& b) {
    return std::tie(a.target, a.edge) < std::tie(b.target, b.edge);
  });
  return EncodeAdjacencyBlock(entries, BlockKind::kWhole, 0);
}

TEST(AdjacencyLists, GiveWhatTheBlockGives) {
  std::mt19937_64 random(5);
  for (const int bits : {1, 6, 7, 14, 20, 31, 35, 49, 56, 57, 62}) {
    for (const size_t size : {1, 2, 3, 9, 100}) {
      for (const bool with_rows : {false, true}) {
        const std::string bytes = RandomBlock(random, size, bits, with_rows);
        const auto lists = DecodeLists(bytes);
        ASSERT_TRUE(lists.has_value()) << bits << " bits, " << size << " edges";
        EXPECT_EQ(lists, DecodeBlock(bytes));
      }
    }
  }
}

TEST(AdjacencyLists, RefuseWhatTheBlockRefuses) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 40; ++round) {
    const std::string whole =
        RandomBlock(random, 1 + random() % 20, 1 + static_cast<int>(random() % 62), round % 2 == 0);
    for (size_t size = 0; size < whole.size(); ++size) {
      const std::string part = whole.substr(0, size);
      EXPECT_TRUE(DecodeBlock(part) || !DecodeLists(part)) << size;
    }
    for (size_t at = 0; at < whole.size(); ++at) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
      const auto expected = DecodeBlock(damaged);
      // Tags of columns are not looked at here: what is wrong with them is no matter of the lists.
      EXPECT_TRUE(!expected || DecodeLists(damaged) == expected) << at;
    }
  }
}

TEST(AdjacencyLists, ASplitHeadHasADegreeAndNoEdges) {
  AdjacencyLists lists;
  ASSERT_TRUE(ParseAdjacencyLists(EncodeSplitHead(70'000, 2), lists));
  EXPECT_TRUE(lists.head.split);
  EXPECT_EQ(lists.head.degree, 70'000u);
  EXPECT_EQ(lists.head.self_loops, 2u);
  EXPECT_EQ(lists.size, 0u);
}

}  // namespace
}  // namespace tupu
