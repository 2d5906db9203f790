#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/graph/graph_view.h"
#include "storage/keys/column.h"
#include "storage/keys/property_row.h"

namespace tupu {

// One block of the adjacency list of (vertex, side, type): edges ordered by (target, edge id), each once, where target
// is the other end. An edge stands in the out-list of its start and the in-list of its end; its properties only in the
// out-list.
//
//   head       version u8 = 1 in the low half, flags in the high half:
//                0x10 split: degree only, the edges are in blocks under fence keys | 0x20 one of those blocks
//                0x40 self loops: their number follows | 0x80 columns: the directory has more sections
//              varint degree of the list (in a fence block: edges in it) [| varint self loops]
//   directory  varint size of the targets [| varint size of the edge ids | varint n | (varint tag, varint size) * n]
//   sections   targets: varint first, then varint deltas
//              edge ids: varint first, then zigzag deltas
//              columns, ascending tags: key id << 3 | kind of storage/keys/column.h; the rest as rows under tag 7
//   rows       varint size per edge | the rows (storage/keys/property_row.h), one per edge
//
// A hop that needs no edge ids or properties reads the targets alone; a property that has a column is read without the
// others.

inline constexpr size_t kMaxBlockBytes = 4096;  // the writer splits above it; a value larger than that stays whole

/// The first byte of a block.
namespace adjacency_block {
inline constexpr uint8_t kVersion = 1;  // in the low half
inline constexpr uint8_t kSplitFlag = 0x10;
inline constexpr uint8_t kFenceBlockFlag = 0x20;
inline constexpr uint8_t kSelfLoopsFlag = 0x40;
inline constexpr uint8_t kColumnsFlag = 0x80;
}  // namespace adjacency_block

/// What the head says, without decoding the edges.
struct AdjacencyHead {
  uint64_t degree = 0;  // of the whole list, or of the block if it is a fence block
  uint64_t self_loops = 0;
  bool split = false;
  bool fence_block = false;
};
Result<AdjacencyHead> DecodeAdjacencyHead(std::string_view bytes);

struct AdjacencyEntry {
  uint64_t target = 0;
  uint64_t edge = 0;
  std::string_view row;  // encoded properties; empty in an in-list
};

enum class BlockKind : uint8_t { kWhole, kFenceBlock };

/// Encodes one block after the other without allocating for each: lists of two edges are the common case.
class AdjacencyBlockEncoder {
 public:
  /// Replaces `out`. Requires: entries ordered by (target, edge), not empty.
  void Encode(std::span<const AdjacencyEntry> entries, BlockKind kind, uint64_t self_loops, std::string& out);

 private:
  struct Column {
    PropertyKeyId key;
    std::optional<ColumnKind> kind;  // nullopt: mixed or of no fixed width
  };
  struct Section {
    uint64_t tag;
    size_t end;  // in section_bytes_; it begins where the one before ends
  };

  /// A value of a row whose form is known.
  struct FormValue {
    PropertyKeyId key;
    ColumnKind kind;
    char tag;
    size_t offset;  // in the row
    size_t size;
  };

  void GatherColumns(std::span<const AdjacencyEntry> entries);
  bool GatherUniform(std::span<const AdjacencyEntry> entries);
  bool LearnForm(std::string_view row);
  bool HasForm(std::string_view row) const;
  size_t ColumnOf(PropertyKeyId key, std::string_view value, size_t hint);
  void BuildSections(std::span<const AdjacencyEntry> entries);
  void BuildRows(std::span<const AdjacencyEntry> entries);

  std::string targets_;
  std::string edge_ids_;
  std::vector<RowEntry> row_;
  std::string form_head_;  // of the rows that were uniform last, with form_size_ and form_: mostly the next ones, too
  size_t form_size_ = 0;
  std::vector<FormValue> form_;
  std::vector<Column> columns_;           // by key
  std::vector<std::string_view> values_;  // columns_.size() * edges: those of one column together
  std::vector<Section> sections_;
  std::string section_bytes_;
  ColumnScratch scratch_;
};

/// Requires: entries ordered by (target, edge), not empty.
std::string EncodeAdjacencyBlock(std::span<const AdjacencyEntry> entries, BlockKind kind, uint64_t self_loops);
/// The head of a list whose edges are in fence blocks.
std::string EncodeSplitHead(uint64_t degree, uint64_t self_loops);

/// Rows (storage/keys/property_row.h) of the edges of a block, with room that is kept between calls.
struct EncodedRows {
  std::string bytes;
  std::vector<size_t> ends;  // of each row in bytes; it begins where the one before ends

  std::string_view At(size_t i) const {
    const size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
};

/// A block with its directory read; the sections are decoded on demand. Lives as long as the bytes.
class AdjacencyBlock {
 public:
  /// Requires: lasts not longer than `bytes`.
  static Result<AdjacencyBlock> Parse(std::string_view bytes);

  const AdjacencyHead& head() const { return head_; }
  /// Edges in this block; 0 for a split head.
  size_t size() const { return head_.split ? 0 : static_cast<size_t>(head_.degree); }

  /// Replaces `out` with size() numbers.
  Status DecodeTargets(std::vector<uint64_t>& out) const;
  Status DecodeEdgeIds(std::vector<uint64_t>& out) const;

  /// Properties of the edge at position i < size().
  Result<Properties> PropertiesAt(size_t i) const;
  /// Those of every edge: replaces `out` with size() entries.
  Status DecodeProperties(std::vector<Properties>& out) const;
  /// The same as encoded rows, for who writes them into another block: replaces `out`.
  Status DecodeRows(EncodedRows& out) const;
  /// null when missing.
  Result<Value> PropertyAt(size_t i, PropertyKeyId key) const;
  /// The same of every edge in one pass: replaces `out` with size() values.
  Status DecodeProperty(PropertyKeyId key, std::vector<Value>& out) const;

 private:
  struct Section {
    uint64_t tag;
    std::string_view bytes;
  };

  Status ParseSections(std::string_view directory_and_sections, bool has_columns);
  Result<std::string_view> RowAt(std::string_view rows, size_t i) const;
  Result<std::vector<std::string_view>> SplitRows(std::string_view rows) const;

  AdjacencyHead head_;
  std::string_view targets_;
  std::string_view edge_ids_;
  std::vector<Section> columns_;  // rows, if any, come first: tag 7 is key 0 with kind 7
};

}  // namespace tupu
