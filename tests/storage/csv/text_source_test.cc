#include "storage/csv/text_source.h"

#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {
namespace {

using ::testing::HasSubstr;

class TextSourceTest : public ::testing::Test {
 protected:
  TextSourceTest() { std::filesystem::create_directories(folder_); }
  ~TextSourceTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, std::string_view bytes) {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  static std::string Pack(std::string_view text) {
    z_stream stream = {};
    EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
  }

  static std::string Numbers() {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += std::to_string(i * 7919 % 100'003) + "\n";
    return text;
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("tupu_text_source_" + std::to_string(getpid()));
};

TEST_F(TextSourceTest, ReadsPlainAndPackedFilesByContent) {
  const std::string text = Numbers();
  EXPECT_EQ(*ReadTextPrefix(Write("plain.gz", text), text.size() + 1), text);
  EXPECT_EQ(*ReadTextPrefix(Write("packed.csv", Pack(text)), text.size() + 1), text);
  EXPECT_EQ(*ReadTextPrefix(Write("empty.csv", ""), 10), "");
  EXPECT_EQ(*ReadTextPrefix(Write("empty.csv.gz", Pack("")), 10), "");
}

TEST_F(TextSourceTest, ReadsConcatenatedGzipMembers) {
  EXPECT_EQ(*ReadTextPrefix(Write("two.gz", Pack("a,b\n") + Pack("c,d\n")), 100), "a,b\nc,d\n");
}

TEST_F(TextSourceTest, ReportsDamagedGzip) {
  const std::string packed = Pack(Numbers());
  std::string flipped = packed;
  flipped[packed.size() / 2] ^= 0x55;
  const Result<std::string> damaged = ReadTextPrefix(Write("damaged.gz", flipped), 10 << 20);
  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().code, ErrorCode::kCorruption);
  EXPECT_THAT(damaged.error().message, HasSubstr("damaged.gz: the gzip data is damaged"));

  const Result<std::string> cut = ReadTextPrefix(Write("cut.gz", packed.substr(0, packed.size() - 9)), 10 << 20);
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().code, ErrorCode::kCorruption);
  EXPECT_THAT(cut.error().message, HasSubstr("is cut off"));
}

TEST_F(TextSourceTest, RefusesOtherPackingsByName) {
  const Result<std::string> zip = ReadTextPrefix(Write("a.csv", "PK\x03\x04rest"), 10);
  ASSERT_FALSE(zip.has_value());
  EXPECT_EQ(zip.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(zip.error().message, HasSubstr("ZIP"));
}

TEST_F(TextSourceTest, TellsWhatIsMissingOrAFolder) {
  EXPECT_EQ(ReadTextPrefix((folder_ / "missing.csv").string(), 10).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ReadTextPrefix(folder_.string(), 10).error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace tupu
