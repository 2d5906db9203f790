#include "storage/csr/saved_topology.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "storage/base/checksum.h"
#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"

namespace tupu {

namespace {

constexpr std::string_view kMagic = "tupu csr";
constexpr uint32_t kVersion = 2;
constexpr uint32_t kByteOrder = 0x01020304;
constexpr uint64_t kHeaderSize = 64;
constexpr uint64_t kPartSize = 64;
constexpr uint64_t kTrailerSize = 32;
constexpr uint64_t kAlignment = 64;
constexpr uint64_t kPiece = 1 << 20;

constexpr bool kSupported = std::endian::native == std::endian::little;

Error Misfit(std::string_view why) {
  return CorruptionOf("saved CSRs", why);
}

uint64_t PaddedSize(uint64_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

template <class T>
std::string_view BytesOf(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}
std::string_view BytesOf(const IdSpan& ids) {
  return ids.Visit([](const auto& values) { return BytesOf(values); });
}

/// Counts what it passes on.
class Appender {
 public:
  explicit Appender(const SideFiles::Append& append) : append_(append) {}

  Status Add(std::string_view bytes) {
    length_ += bytes.size();
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, kPiece);
      TUPU_TRY(append_(piece));
      bytes.remove_prefix(piece.size());
    }
    return {};
  }

  /// With zeros up to the next boundary; gives the checksum.
  Result<uint64_t> AddArray(std::string_view bytes) {
    const std::string zeros(PaddedSize(bytes.size()) - bytes.size(), '\0');
    TUPU_TRY(Add(bytes));
    if (!zeros.empty()) TUPU_TRY(Add(zeros));
    Checksum64 checksum;
    checksum.Add(bytes);
    checksum.Add(zeros);
    return checksum.Value();
  }

  uint64_t length() const { return length_; }

 private:
  const SideFiles::Append& append_;
  uint64_t length_ = 0;
};

std::string HeaderOf(const GraphCounts& counts) {
  std::string header(kMagic);
  AppendFixed(header, kVersion, 4);
  AppendFixed(header, kByteOrder, 4);
  for (const uint64_t v : {counts.commit, counts.next_vertex, counts.next_edge}) AppendFixed(header, v, 8);
  header.resize(kHeaderSize);
  return header;
}

/// Writes the arrays of a part and adds its line to the table.
Status AddPart(Appender& file, ListSet set, const TopologyCsr& csr, std::string& table) {
  const TopologyCsr::Arrays arrays = csr.arrays();
  AppendFixed(table, ToInteger(set.type), 4);
  table.push_back(static_cast<char>(set.side));
  for (const IdSpan* ids : {&arrays.targets, &arrays.edges}) table.push_back(ids->wide() ? 1 : 0);
  table.push_back(0);
  for (const uint64_t v : {arrays.groups.size(), arrays.offsets.size(), csr.num_edges()}) AppendFixed(table, v, 8);
  for (const std::string_view bytes :
       {BytesOf(arrays.groups), arrays.offsets, BytesOf(arrays.targets), BytesOf(arrays.edges)}) {
    TUPU_TRY_ASSIGN(const uint64_t checksum, file.AddArray(bytes));
    AppendFixed(table, checksum, 8);
  }
  return {};
}

std::string TrailerOf(uint64_t parts, uint64_t checksum, uint64_t length) {
  std::string trailer;
  for (const uint64_t v : {parts, checksum, length}) AppendFixed(trailer, v, 8);
  return trailer.append(kMagic);
}

IdSpan IdsAt(std::string_view bytes, uint64_t offset, uint64_t size, bool wide) {
  const char* const at = bytes.data() + offset;
  if (wide) return IdSpan(std::span(reinterpret_cast<const uint64_t*>(at), size));
  return IdSpan(std::span(reinterpret_cast<const uint32_t*>(at), size));
}

}  // namespace

std::string SavedTopologyName(uint64_t commit) {
  return fmt::format("{}{}.tupu", kSavedTopologyPrefix, commit);
}

Result<SavedCsrRecord> SaveTopology(const SideFiles& files, const GraphCounts& counts, const CsrsToSave& csrs) {
  if (!kSupported) return Error{ErrorCode::kUnsupported, "CSRs are saved by little-endian machines only"};
  SavedCsrRecord record{.commit = counts.commit};
  const auto write = [&](const SideFiles::Append& append) -> Status {
    Appender file(append);
    const std::string header = HeaderOf(counts);
    TUPU_TRY(file.Add(header));
    std::string table;
    for (const ListSet& set : csrs.sets) {
      TUPU_TRY_ASSIGN(const TopologyCsr csr, csrs.csr_of(set));
      TUPU_TRY(AddPart(file, set, csr, table));
      if (set.side == AdjacencySide::kOut) record.edges += csr.num_edges();
    }
    TUPU_TRY(file.Add(table));
    record.checksum = Checksum64Of(header + table);
    record.length = file.length() + kTrailerSize;
    return file.Add(TrailerOf(csrs.sets.size(), record.checksum, record.length));
  };
  TUPU_TRY(files.Write(SavedTopologyName(counts.commit), write));
  return record;
}

Result<std::shared_ptr<SavedTopology>> SavedTopology::Open(const SideFiles& files, const SavedCsrRecord& record) {
  if (!kSupported) return Error{ErrorCode::kUnsupported, "saved CSRs are read by little-endian machines only"};
  auto saved = std::make_shared<SavedTopology>();
  saved->record_ = record;
  TUPU_TRY_ASSIGN(saved->file_, files.Open(SavedTopologyName(record.commit)));
  TUPU_TRY(saved->ReadTable());
  TUPU_TRY_ASSIGN(saved->bytes_, saved->file_->Map());
  return saved;
}

Status SavedTopology::ReadTable() {
  const uint64_t length = file_->size();
  if (length != record_.length || length < kHeaderSize + kTrailerSize) return Misfit("another length");
  std::string header(kHeaderSize, '\0');
  std::string trailer(kTrailerSize, '\0');
  TUPU_TRY(file_->Read(0, header));
  TUPU_TRY(file_->Read(length - kTrailerSize, trailer));
  const uint64_t num_parts = FixedAt(trailer, 0, 8);
  if (num_parts > (length - kHeaderSize - kTrailerSize) / kPartSize) return Misfit("more parts than room");
  if (trailer != TrailerOf(num_parts, record_.checksum, length)) return Misfit("another file than that of the store");
  const uint64_t end_of_arrays = length - kTrailerSize - num_parts * kPartSize;
  std::string table(num_parts * kPartSize, '\0');
  TUPU_TRY(file_->Read(end_of_arrays, table));
  if (Checksum64Of(header + table) != record_.checksum) return Misfit("a damaged header or table");
  if (!header.starts_with(kMagic) || FixedAt(header, 12, 4) != kByteOrder || FixedAt(header, 16, 8) != record_.commit) {
    return Misfit("another byte order or commit");
  }
  if (const uint64_t version = FixedAt(header, 8, 4); version != kVersion) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("saved CSRs are of version {}, not {}; \"tupu compact\" writes them "
                             "anew",
                             version, kVersion)};
  }
  uint64_t offset = kHeaderSize;
  for (ByteReader reader(table); reader.remaining() > 0;) {
    Part& part = parts_.emplace_back();
    part.set = {static_cast<EdgeTypeId>(reader.Fixed(4)), static_cast<AdjacencySide>(reader.U8())};
    auto& [groups, offsets, targets, edges] = part.arrays;
    groups.width = sizeof(TopologyCsr::Group);
    offsets.width = 1;
    for (Array* const ids : {&targets, &edges}) ids->width = reader.U8() != 0 ? 8 : 4;
    if (reader.U8() != 0) return Misfit("a line of the table that is none");
    for (Array* const array : {&groups, &offsets, &targets}) array->size = reader.Fixed(8);
    edges.size = targets.size;
    for (Array& array : part.arrays) {
      if (array.size > (end_of_arrays - offset) / array.width) return Misfit("arrays beyond the end");
      array.offset = offset;
      array.checksum = reader.Fixed(8);
      offset += PaddedSize(array.size * array.width);
      if (offset > end_of_arrays) return Misfit("arrays beyond the end");
    }
  }
  return offset == end_of_arrays ? Status() : Status(Misfit("bytes between arrays and table"));
}

/// By reading, not through the mapping: so what the disk cannot read is an error.
Status SavedTopology::Verify(Part& part) {
  if (part.verified) return {};
  std::vector<char> piece(kPiece);
  for (const Array& array : part.arrays) {
    const uint64_t end = array.offset + PaddedSize(array.size * array.width);
    Checksum64 checksum;
    for (uint64_t at = array.offset; at < end; at += kPiece) {
      const std::span<char> bytes(piece.data(), std::min(kPiece, end - at));
      TUPU_TRY(file_->Read(at, bytes));
      checksum.Add({bytes.data(), bytes.size()});
    }
    if (checksum.Value() != array.checksum) return Misfit("a damaged array");
  }
  part.verified = true;
  return {};
}

Result<TopologyCsr> SavedTopology::Load(ListSet set) {
  const auto found = std::find_if(parts_.begin(), parts_.end(), [&](const Part& part) { return part.set == set; });
  if (found == parts_.end()) return TopologyCsrBuilder(0, 0).Finish();
  TUPU_TRY(Verify(*found));
  const auto& [groups, offsets, targets, edges] = found->arrays;
  const auto ids = [&](const Array& array) { return IdsAt(*bytes_, array.offset, array.size, array.width == 8); };
  const TopologyCsr::Arrays arrays = {
      .groups = {reinterpret_cast<const TopologyCsr::Group*>(bytes_->data() + groups.offset), groups.size},
      .offsets = bytes_->substr(offsets.offset, offsets.size),
      .targets = ids(targets),
      .edges = ids(edges),
  };
  if (!arrays.FitTogether()) return Misfit("offsets that do not fit the edges");
  return TopologyCsr(arrays, bytes_, true);
}

Status ReadAdjacencyLog(const KvSnapshot& kv, uint64_t saved, uint64_t last,
                        const std::function<void(uint64_t commit, const AdjacencyChange& change)>& visit) {
  uint64_t previous = saved;
  Status failed;
  const auto add = [&](std::string_view key, std::string_view value) -> Status {
    TUPU_TRY_ASSIGN(const uint64_t commit, DecodeAdjacencyLogKey(key));
    TUPU_TRY_ASSIGN(const AdjacencyLogEntry entry, DecodeAdjacencyLogEntry(value));
    if (entry.previous != previous) return CorruptionOf("log of adjacency", "an entry is missing");
    for (const AdjacencyChange& change : entry.changes) visit(commit, change);
    previous = commit;
    return {};
  };
  TUPU_TRY(kv.Scan(Keyspace::kMeta, AdjacencyLogKey(saved + 1), AdjacencyLogKey(last + 1),
                   [&](std::string_view key, std::string_view value) {
                     failed = add(key, value);
                     return failed.has_value();
                   }));
  return failed;
}

}  // namespace tupu
