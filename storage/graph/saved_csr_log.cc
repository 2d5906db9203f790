#include "storage/graph/saved_csr_log.h"

#include <algorithm>
#include <utility>

#include "storage/csr/saved_topology.h"
#include "storage/keys/bytes.h"
#include "storage/keys/key_codec.h"

namespace tupu {

Status SavedCsrLog::Load(const KvSnapshot& kv) {
  record_.reset();
  distrusted_ = false;
  read_ = false;
  changes_ = 0;
  commits_.clear();
  pending_ = {};
  TUPU_TRY_ASSIGN(const auto bytes, kv.Get(Keyspace::kMeta, kSavedCsrKey));
  if (!bytes) return {};
  if (const auto record = DecodeSavedCsrRecord(*bytes)) record_ = *record;
  return {};
}

void SavedCsrLog::LookAtFiles() {
  if (files_ == nullptr) return;
  const auto names = files_->List(kSavedTopologyPrefix);
  if (!names) return;
  distrusted_ = record_.has_value();
  for (const std::string& name : *names) {
    if (record_ && name == SavedTopologyName(record_->commit)) {
      distrusted_ = false;
    } else {
      (void)files_->Remove(name);
    }
  }
}

uint64_t SavedCsrLog::MostChanges(const SavedCsrRecord& record) {
  // One costs about a microsecond when the file is next used. The upper bound also bounds the batch that ends the log.
  constexpr uint64_t kLeast = 1024;
  constexpr uint64_t kMost = 1 << 16;
  return std::clamp(record.edges / 20, kLeast, kMost);
}

Status SavedCsrLog::Read(const KvSnapshot& kv) {
  if (read_) return {};
  uint64_t changes = 0;
  std::vector<uint64_t> commits;
  Status failed;
  const auto add = [&](std::string_view key, std::string_view value) -> Status {
    TUPU_TRY_ASSIGN(const uint64_t commit, DecodeAdjacencyLogKey(key));
    TUPU_TRY_ASSIGN(const uint64_t count, CountAdjacencyLogEntry(value));
    commits.push_back(commit);
    changes += count;
    return {};
  };
  const std::string prefix = AdjacencyLogPrefix();
  TUPU_TRY(kv.Scan(Keyspace::kMeta, prefix, PrefixUpperBound(prefix).value_or(""),
                   [&](std::string_view key, std::string_view value) {
                     failed = add(key, value);
                     return failed.has_value();
                   }));
  TUPU_TRY(std::move(failed));
  changes_ = changes;
  commits_ = std::move(commits);
  read_ = true;
  return {};
}

Result<uint64_t> SavedCsrLog::CountChanges(const KvSnapshot& kv) {
  TUPU_TRY(Read(kv));
  return changes_;
}

Status SavedCsrLog::Append(const KvSnapshot& kv, uint64_t commit, std::span<const AdjacencyChange> changes,
                           std::vector<KvWrite>& batch) {
  pending_ = {};
  if (!record_ || changes.empty()) return {};
  TUPU_TRY(Read(kv));
  if (distrusted_ || changes_ + changes.size() > MostChanges(*record_)) return End(kv, batch);
  const uint64_t previous = commits_.empty() ? record_->commit : commits_.back();
  batch.push_back({Keyspace::kMeta, AdjacencyLogKey(commit), EncodeAdjacencyLogEntry(previous, changes)});
  pending_ = {Pending::kAppended, commit, changes.size(), {}};
  return {};
}

Status SavedCsrLog::AppendDeletions(const KvSnapshot& kv, std::vector<KvWrite>& batch) {
  TUPU_TRY(Read(kv));
  for (const uint64_t commit : commits_) batch.push_back({Keyspace::kMeta, AdjacencyLogKey(commit), std::nullopt});
  return {};
}

Status SavedCsrLog::End(const KvSnapshot& kv, std::vector<KvWrite>& batch) {
  pending_ = {};
  if (!record_) return {};
  TUPU_TRY(AppendDeletions(kv, batch));
  batch.push_back({Keyspace::kMeta, std::string(kSavedCsrKey), std::nullopt});
  pending_.kind = Pending::kEnded;
  return {};
}

Status SavedCsrLog::Replace(const KvSnapshot& kv, const SavedCsrRecord& record, std::vector<KvWrite>& batch) {
  pending_ = {};
  TUPU_TRY(AppendDeletions(kv, batch));
  batch.push_back({Keyspace::kMeta, std::string(kSavedCsrKey), EncodeSavedCsrRecord(record)});
  pending_ = {Pending::kReplaced, 0, 0, record};
  return {};
}

void SavedCsrLog::Settle(bool written) {
  const Pending pending = std::exchange(pending_, {});
  const bool own_name = !(record_ && record_->commit == pending.record.commit);
  if (!written && pending.kind == Pending::kReplaced && own_name) Remove(pending.record);
  if (!written || pending.kind == Pending::kNothing) return;
  if (pending.kind == Pending::kAppended) {
    commits_.push_back(pending.commit);
    changes_ += pending.changes;
    return;
  }
  const std::optional<SavedCsrRecord> old = std::exchange(record_, std::nullopt);
  if (pending.kind == Pending::kReplaced) record_ = pending.record;
  if (old && !(record_ && record_->commit == old->commit)) Remove(*old);
  distrusted_ = false;
  commits_.clear();
  changes_ = 0;
}

void SavedCsrLog::Remove(const SavedCsrRecord& record) {
  // Who reads it still has it. If this fails, it goes when the store is next opened for writing.
  if (files_ != nullptr) (void)files_->Remove(SavedTopologyName(record.commit));
}

}  // namespace tupu
