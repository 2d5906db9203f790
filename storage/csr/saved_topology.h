#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>

#include "storage/csr/topology_csr.h"
#include "storage/keys/graph_counts.h"
#include "storage/keys/saved_csr_record.h"
#include "storage/kv/kv_store.h"
#include "storage/kv/side_files.h"

namespace tupu {

// The CSRs of all sets at one commit as a file of the database's folder, so that a database that is opened need not build
// them from its blocks. A cache: blocks are the truth, and a file that does not fit in any way is not used.
//
//   header   "tupu csr" | version u32 | byte order u32 | commit u64 | next vertex u64 | next edge u64 | zeros to 64 bytes
//   arrays   of each part, as they lie in memory (storage/csr/topology_csr.h); each ends with zeros up to 64 bytes:
//     groups    of each 64 vertices: bits u64 | place of their offsets u64
//     offsets   of each group with rows: edges before it u64 | of each row, and of the end, u8, u16, u32 or u64; 7 zeros
//     targets   of each edge u32 or u64
//     edges     likewise
//   table    of each part: type u32 | side u8 | 1 for each of targets and edges that is 8 bytes wide (2 u8) | 0 u8
//            | groups, bytes of offsets, edges (3 u64) | checksum of each array with its zeros (4 u64)
//   trailer  parts u64 | checksum of header and table u64 | length of the file u64 | "tupu csr"
//
// All numbers are little-endian; a big-endian machine makes no use of such files. Version 2 alone is read (1 had offsets of
// 4 or 8 bytes): a file of another version is passed over, which is no damage. The checksum in the trailer covers all
// others; a record of the store (SavedCsrRecord) names it, so that no other file is taken for the store's.

inline constexpr std::string_view kSavedTopologyPrefix = "csr-";

/// "csr-<commit>.tupu"
std::string SavedTopologyName(uint64_t commit);

/// What to save: csr_of(set) is asked once for each set, when its turn comes, so that no more than one of them need be in
/// memory for this.
struct CsrsToSave {
  std::vector<ListSet> sets;
  std::function<Result<TopologyCsr>(ListSet set)> csr_of;
};

/// Writes the file of the state with `counts`. Errors: kIo, kUnsupported, of csr_of.
Result<SavedCsrRecord> SaveTopology(const SideFiles& files, const GraphCounts& counts, const CsrsToSave& csrs);

/// An open file of saved CSRs. Threads: one at a time.
class SavedTopology {
 public:
  /// Cost: two reads and a mapping. Errors: kNotFound or kIo: it cannot be read; kCorruption: it is not the file that the
  /// record means. kUnsupported: it is of another version, or this machine uses none.
  static Result<std::shared_ptr<SavedTopology>> Open(const SideFiles& files, const SavedCsrRecord& record);

  const SavedCsrRecord& record() const { return record_; }
  /// The CSR of a set, mapped; empty when there was no edge of the type. It outlives this.
  /// Cost: the first call for a set reads its arrays and holds them against their checksums. Errors: kIo, kCorruption.
  Result<TopologyCsr> Load(ListSet set);

 private:
  struct Array {
    uint64_t offset = 0;
    uint64_t size = 0;   // in elements
    uint64_t width = 0;  // of an element, in bytes
    uint64_t checksum = 0;
  };
  struct Part {
    ListSet set;
    Array arrays[4];  // groups, offsets, targets, edges
    bool verified = false;
  };

  Status ReadTable();
  Status Verify(Part& part);

  SavedCsrRecord record_;
  std::shared_ptr<SideFile> file_;
  std::shared_ptr<const std::string_view> bytes_;  // mapped
  std::vector<Part> parts_;
};

/// Gives what commits changed in the adjacency, from the one after that of the saved CSRs up to `last`, in their order.
/// Errors: kCorruption when an entry is missing in between or cannot be decoded.
Status ReadAdjacencyLog(const KvSnapshot& kv, uint64_t saved, uint64_t last,
                        const std::function<void(uint64_t commit, const AdjacencyChange& change)>& visit);

}  // namespace tupu
