#include "storage/base/checksum.h"

#include <string>

#include <gtest/gtest.h>

namespace tupu {
namespace {

// Values of the reference implementation (xxhsum -H64).
TEST(Checksum64, IsXxh64) {
  EXPECT_EQ(Checksum64Of(""), 0xef46db3751d8e999u);
  EXPECT_EQ(Checksum64Of("a"), 0xd24ec4f1a98c6e5bu);
  EXPECT_EQ(Checksum64Of("abc"), 0x44bc2cf5ad770999u);
  EXPECT_EQ(Checksum64Of("Nobody inspects the spammish repetition"), 0xfbcea83c8a378bf1u);
}

TEST(Checksum64, DoesNotDependOnThePieces) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes.push_back(static_cast<char>(i * 37));
  const uint64_t whole = Checksum64Of(bytes);
  for (const size_t piece : {1u, 7u, 31u, 32u, 33u, 64u, 100u}) {
    Checksum64 checksum;
    for (size_t at = 0; at < bytes.size(); at += piece) checksum.Add(std::string_view(bytes).substr(at, piece));
    EXPECT_EQ(checksum.Value(), whole) << "pieces of " << piece;
  }
}

TEST(Checksum64, EveryBitCounts) {
  std::string bytes(77, 'x');
  const uint64_t whole = Checksum64Of(bytes);
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    EXPECT_NE(Checksum64Of(bytes), whole) << "bit " << bit;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
  }
}

}  // namespace
}  // namespace tupu
