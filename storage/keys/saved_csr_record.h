#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "storage/keys/adjacency_change.h"

namespace tupu {

/// Which file of saved CSRs (storage/csr/saved_topology.h) belongs to the store. A file that this does not name, also one
/// of another store with a fitting name, is none.
///   version u8 = 1 | varint commit, length, edges | checksum(8), big-endian
struct SavedCsrRecord {
  uint64_t commit = 0;    // whose state it holds
  uint64_t length = 0;    // of the file in bytes
  uint64_t edges = 0;     // in it, each counted once
  uint64_t checksum = 0;  // over all its checksums: as good as a name
  friend bool operator==(const SavedCsrRecord&, const SavedCsrRecord&) = default;
};
std::string EncodeSavedCsrRecord(const SavedCsrRecord& record);
Result<SavedCsrRecord> DecodeSavedCsrRecord(std::string_view bytes);

/// The adjacency that one commit changed, written with it while there are saved CSRs. Commits that changed none have none.
///   version u8 = 1 | varint previous | varint number of changes, each: varint type * 2 + added, start, end, edge
struct AdjacencyLogEntry {
  uint64_t previous = 0;  // the commit of the entry before it, or that of the saved CSRs: so a gap is seen
  std::vector<AdjacencyChange> changes;
};
std::string EncodeAdjacencyLogEntry(uint64_t previous, std::span<const AdjacencyChange> changes);
Result<AdjacencyLogEntry> DecodeAdjacencyLogEntry(std::string_view bytes);
/// The number of changes of an entry, without decoding them.
Result<uint64_t> CountAdjacencyLogEntry(std::string_view bytes);

}  // namespace tupu
