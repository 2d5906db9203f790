#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "storage/base/checksum.h"
#include "storage/keys/bytes.h"
#include "storage/keys/saved_csr_record.h"

namespace tupu {

inline std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void WriteAll(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// Makes a file of saved CSRs one of another version, with checksums that fit; gives the record that names it.
inline SavedCsrRecord GiveVersion(const std::filesystem::path& file, SavedCsrRecord record, uint32_t version) {
  constexpr size_t kHeader = 64;
  constexpr size_t kLine = 64;
  constexpr size_t kTrailer = 32;
  std::string bytes = ReadAll(file);
  const size_t trailer = bytes.size() - kTrailer;
  const size_t table = FixedAt(bytes, trailer, 8) * kLine;
  std::string number;
  AppendFixed(number, version, 4);
  bytes.replace(8, 4, number);
  record.checksum = Checksum64Of(bytes.substr(0, kHeader) + bytes.substr(trailer - table, table));
  std::string checksum;
  AppendFixed(checksum, record.checksum, 8);
  bytes.replace(trailer + 8, 8, checksum);
  WriteAll(file, bytes);
  return record;
}

}  // namespace tupu
