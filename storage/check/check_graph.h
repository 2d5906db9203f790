#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>

#include "storage/kv/kv_store.h"

namespace tupu {

/// What can be wrong with a store; the name says which promise of storage/README.md is broken.
enum class Damage : uint8_t {
  kUnreadable,       // files do not read back as they were written
  kFormat,           // the format version is missing or malformed
  kDictionary,       // ids of names are not dense, a name stands twice, or an id that is used has no name
  kOntology,         // the declared ontology is not one
  kCounts,           // the counts are not what is there
  kUnknownKey,       // a key that no part of the store knows
  kVertexRecord,     // a vertex record or a property of it cannot be decoded
  kAboveMark,        // an id that was not given out yet
  kLabelSet,         // the set of a label, or of all vertices, is not what the records say
  kNameIndex,        // likewise the name index,
  kExternalIdIndex,  // external ids,
  kDeclaredKey,      // the keys that the ontology declares,
  kPropertyIndex,    // and the property indexes; or a unique one has equal values
  kSchema,           // the records of indexes and statistics cannot be decoded
  kBlock,            // an adjacency block cannot be decoded, is out of order or outside of its fences
  kDegree,           // a head's degree or number of self loops is not the sum of its blocks
  kOneDirection,     // an edge stands in the list of one of its ends only, or its two entries differ
  kDoubledEdge,      // an edge stands twice on one side
  kEdgePlace,        // the place of an edge is missing, wrong, or of no edge
  kDanglingEnd,      // an end of an edge is not there
  kSavedCsr,         // the file of saved CSRs, with the log of later changes, is not what the lists say
};
inline constexpr int kNumDamages = 21;

/// "label-set": as `tupu check` prints it.
std::string_view Name(Damage damage);

struct Finding {
  Damage damage{};
  std::optional<Keyspace> space;
  std::string key;       // as it is stored, binary
  std::string where;     // the entity or record, in words: "edge 7 (3)-[:OWNS]->(5)"
  std::string expected;  // may be empty
  std::string found;
};

/// What was looked at.
struct CheckedNumbers {
  uint64_t commit = 0;  // of the state that was checked
  uint64_t vertices = 0;
  uint64_t edges = 0;
  uint64_t names = 0;  // of the dictionaries
  uint64_t adjacency_lists = 0;
  uint64_t adjacency_blocks = 0;
  uint64_t edge_place_blocks = 0;
  uint64_t label_sets = 0;  // containers of 65,536 ids
  uint64_t index_entries = 0;
  uint64_t saved_csrs = 0;
};

struct CheckReport {
  CheckedNumbers checked;
  std::vector<Finding> findings;  // the first ones
  uint64_t total = 0;             // all of them; a lower bound if !all_counted
  std::array<uint64_t, kNumDamages> by_damage{};
  bool all_counted = true;  // false: so much is wrong that the search ended early

  bool clean() const { return total == 0; }
};

struct CheckOptions {
  size_t max_findings = 1000;  // kept in the report
  bool file_checksums = true;  // read every file whole first
  CancellationToken cancellation;
  /// Called every some thousand keys; `total` is an estimate from the stored counts.
  std::function<void(uint64_t done, uint64_t total)> progress;
};

/// Holds one state of a store against itself: file checksums; every record decodes; both directions of each edge and its
/// place; order and fences of blocks; degrees; label sets, names, external ids, declared keys and counts against the
/// records; ids below the high-water marks; dense dictionaries; ends that are there. Writes nothing.
///
/// Damage is a result, not an error. Where a part cannot be read, it is reported, and what rests on it is left out.
///
/// Cost    One pass over every keyspace (about 1 us an edge and 3 us a vertex), and one more for each kind of damage
///         found. Memory: 1 bit a vertex id in use, 2.5 MiB of sums, and while damage is looked up at most about 256 MiB.
/// How     Two sides that must agree (out-lists and in-lists, records and an index) are compared without being kept: each
///         item is hashed into one of 65,536 sums. Sums that differ tell which part of the items to gather in a second
///         pass, which names each one. A difference stays unseen with probability 2^-64.
/// Errors  kIo, kCancelled, kResourceExhausted (deadline), kUnsupported (format of a newer version).
/// Threads The store may be written to meanwhile: the state is a snapshot of it.
Result<CheckReport> CheckGraph(KvStore& store, const CheckOptions& options);

}  // namespace tupu
