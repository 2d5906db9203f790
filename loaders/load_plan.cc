#include "loaders/load_plan.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "loaders/csv/csv_header.h"
#include "storage/csv/csv_reader.h"
#include "storage/ontology/ontology.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxOntologyBytes = 64 << 20;
constexpr std::array<std::string_view, 5> kDataSuffixes = {".csv", ".tsv", ".txt", ".jsonl", ".ndjson"};
constexpr std::array<std::string_view, 2> kHeaderSuffixes = {"-header", "_header"};

enum class Content : uint8_t { kEmpty, kOntology, kJsonLines, kCsv, kOtherCsv };

/// A file and what its beginning tells.
struct Candidate {
  std::string path;
  Content content = Content::kEmpty;
  bool is_edges = false;     // of kCsv
  bool header_only = false;  // of kCsv
  std::string header_path;
};

std::string_view WithoutSuffix(std::string_view name, std::string_view suffix) {
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

/// "x-1" of "folder/x-1.csv.gz".
std::string Stem(const std::string& path) {
  const std::string file = fs::path(path).filename().string();
  std::string_view stem = WithoutSuffix(file, ".gz");
  for (const std::string_view suffix : kDataSuffixes) {
    if (stem.ends_with(suffix)) return std::string(WithoutSuffix(stem, suffix));
  }
  return std::string(stem);
}

bool HasDataName(const fs::path& path) {
  const std::string file = path.filename().string();
  const std::string_view name = WithoutSuffix(file, ".gz");
  return std::any_of(kDataSuffixes.begin(), kDataSuffixes.end(),
                     [&](std::string_view suffix) { return suffix != ".txt" && name.ends_with(suffix); });
}

/// "x" of "x-header"; nullopt: not the name of a header file.
std::optional<std::string> BaseOfHeader(const std::string& path) {
  const std::string stem = Stem(path);
  for (const std::string_view suffix : kHeaderSuffixes) {
    if (stem.ends_with(suffix)) return std::string(WithoutSuffix(stem, suffix));
  }
  return std::nullopt;
}

bool BelongsTo(const std::string& stem, const std::string& base) {
  if (!stem.starts_with(base)) return false;
  return stem.size() == base.size() || stem[base.size()] == '-' || stem[base.size()] == '_' || stem[base.size()] == '.';
}

std::string_view SkipBlanks(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

class Planner {
 public:
  Planner(const LoaderOptions& options, const std::string& delimiter) : options_(options), delimiter_(delimiter) {}

  Result<LoadPlan> Plan(std::span<const std::string> paths) && {
    if (paths.empty()) return Error{ErrorCode::kInvalidArgument, "nothing to load: name a data set folder or a file"};
    if (!options_.ontology_file.empty()) TUPU_TRY(ReadOntology(options_.ontology_file, &given_data_set_));
    for (const std::string& path : paths) TUPU_TRY(AddPath(path));
    for (auto& [folder, files] : loose_) TUPU_TRY(AddLooseFiles(folder, files));
    if (!given_data_set_.empty() && plan_.data_sets.size() == 1) plan_.data_sets[0] = given_data_set_;
    if (plan_.files.empty() && plan_.ontologies.empty())
      return Error{ErrorCode::kInvalidArgument, "nothing to load: the files hold no vertices, edges or ontology"};
    return std::move(plan_);
  }

 private:
  Status AddPath(const std::string& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return AddFolder(path);
    if (fs::exists(path, ignored)) return AddLoose(path, "");
    if (path.find(',') != std::string::npos) return AddCommaList(path);
    return Error{ErrorCode::kNotFound, path + ": there is no such file or folder; check the path"};
  }

  /// "header.csv,part1.csv,part2.csv"
  Status AddCommaList(const std::string& list) {
    const size_t comma = list.find(',');
    const std::string header = list.substr(0, comma);
    for (size_t begin = comma + 1; begin <= list.size();) {
      const size_t end = std::min(list.find(',', begin), list.size());
      TUPU_TRY(AddLoose(list.substr(begin, end - begin), header));
      begin = end + 1;
    }
    return {};
  }

  Status AddLoose(const std::string& path, const std::string& header_path) {
    if (!seen_.insert(Canonical(path)).second) return {};
    TUPU_TRY_ASSIGN(Candidate candidate, header_path.empty() ? Probe(path) : ProbeWithHeader(path, header_path));
    if (candidate.content == Content::kOntology) return ReadOntology(path, &given_data_set_);
    loose_[fs::path(Canonical(path)).parent_path().string()].push_back(std::move(candidate));
    return {};
  }

  Status AddFolder(const std::string& folder) {
    if (!seen_.insert(Canonical(folder)).second) return {};
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      if (HasDataName(entry->path()) && !entry->is_directory()) paths.push_back(entry->path().string());
    }
    if (error) return Error{ErrorCode::kIo, fmt::format("{}: cannot be listed: {}", folder, error.message())};
    std::sort(paths.begin(), paths.end());

    const uint32_t data_set = AddDataSet(fs::path(Canonical(folder)).filename().string());
    const fs::path ontology = fs::path(folder) / "ontology.json";
    const bool has_ontology = fs::exists(ontology, error) && options_.ontology_file.empty();
    if (has_ontology) TUPU_TRY(ReadOntology(ontology.string(), &plan_.data_sets[data_set]));

    std::vector<Candidate> candidates;
    for (const std::string& path : paths) {
      TUPU_TRY_ASSIGN(Candidate candidate, Probe(path));
      candidates.push_back(std::move(candidate));
    }
    const size_t before = plan_.files.size();
    PairWithHeaders(candidates);
    for (const Candidate& candidate : candidates) {
      if (AddFile(candidate, data_set) || IsHeaderOfAnother(candidate, candidates)) continue;
      plan_.notices.push_back(fmt::format("{}: passed over: {}", candidate.path, Why(candidate)));
    }
    if (plan_.files.size() > before || has_ontology) return {};
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("{}: the folder holds no data set: no *.csv with an :ID or :START_ID column and no *.jsonl; name "
                    "the folder that holds the files itself",
                    folder)};
  }

  Status AddLooseFiles(const std::string& folder, std::vector<Candidate>& candidates) {
    const uint32_t data_set = AddDataSet(fs::path(folder).filename().string());
    PairWithHeaders(candidates);
    for (Candidate& candidate : candidates) {
      if (NeedsHeader(candidate)) TUPU_TRY(LookForHeaderBeside(candidate));
      if (AddFile(candidate, data_set) || IsHeaderOfAnother(candidate, candidates)) continue;
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("{}:1:1: {}; name the columns as neo4j-admin does (id:ID, :START_ID, :END_ID, :TYPE), or give "
                      "the header file before it: header.csv,{}",
                      candidate.path, Why(candidate), fs::path(candidate.path).filename().string())};
    }
    return {};
  }

  Result<Candidate> Probe(const std::string& path) {
    Candidate candidate;
    candidate.path = path;
    TUPU_TRY_ASSIGN(const std::string beginning, ReadTextPrefix(path, 1 << 12));
    const std::string_view text = SkipBlanks(beginning);
    if (text.starts_with('{')) {
      const bool ontology = text.find("\"tupu_ontology\"") != std::string_view::npos;
      candidate.content = ontology ? Content::kOntology : Content::kJsonLines;
      return candidate;
    }
    TUPU_TRY_ASSIGN(std::unique_ptr<TextSource> source, OpenTextSource(path));
    CsvReader reader(std::move(source), path, {.delimiter = delimiter_});
    TUPU_TRY_ASSIGN(const bool any, reader.Next());
    if (!any) return candidate;
    candidate.content = Content::kOtherCsv;
    if (!LooksLikeCsvHeader(reader)) return candidate;
    TUPU_TRY_ASSIGN(const CsvHeader header, ParseCsvHeader(reader));
    candidate.content = Content::kCsv;
    candidate.is_edges = header.is_edges;
    const Result<bool> more = reader.Next();  // a bad first row is told when it is loaded
    candidate.header_only = more.has_value() && !*more;
    return candidate;
  }

  Result<Candidate> ProbeWithHeader(const std::string& path, const std::string& header_path) {
    TUPU_TRY_ASSIGN(Candidate candidate, Probe(header_path));
    if (candidate.content != Content::kCsv) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{}:1:1: the header has neither an :ID nor a :START_ID column", header_path)};
    }
    TUPU_TRY_ASSIGN(const std::unique_ptr<TextSource> source, OpenTextSource(path));
    candidate.path = path;
    candidate.header_path = header_path;
    candidate.header_only = false;
    return candidate;
  }

  static bool NeedsHeader(const Candidate& candidate) {
    return candidate.content == Content::kOtherCsv || candidate.content == Content::kEmpty;
  }

  static void TakeHeader(Candidate& candidate, const Candidate& header) {
    candidate.content = Content::kCsv;
    candidate.is_edges = header.is_edges;
    candidate.header_path = header.path;
  }

  static bool IsHeader(const Candidate& candidate) {
    return candidate.content == Content::kCsv && candidate.header_only && BaseOfHeader(candidate.path).has_value();
  }

  /// x-header.csv is the header of x.csv, x-1.csv ...; the longest base wins.
  static void PairWithHeaders(std::vector<Candidate>& candidates) {
    for (Candidate& candidate : candidates) {
      if (!NeedsHeader(candidate)) continue;
      const Candidate* best = nullptr;
      for (const Candidate& header : candidates) {
        if (!IsHeader(header) || !BelongsTo(Stem(candidate.path), *BaseOfHeader(header.path))) continue;
        if (best == nullptr || BaseOfHeader(header.path)->size() > BaseOfHeader(best->path)->size()) best = &header;
      }
      if (best != nullptr) TakeHeader(candidate, *best);
    }
  }

  Status LookForHeaderBeside(Candidate& candidate) {
    const std::string stem = Stem(candidate.path);
    for (std::string base = stem; !base.empty();) {
      for (const std::string_view suffix : kHeaderSuffixes) {
        for (const std::string_view extension : {".csv", ".csv.gz"}) {
          const fs::path path = fs::path(candidate.path).parent_path() / fmt::format("{}{}{}", base, suffix, extension);
          std::error_code ignored;
          if (!fs::exists(path, ignored)) continue;
          TUPU_TRY_ASSIGN(const Candidate header, Probe(path.string()));
          if (IsHeader(header)) {
            TakeHeader(candidate, header);
            return {};
          }
        }
      }
      const size_t cut = base.find_last_of("-_.");
      base.resize(cut == std::string::npos ? 0 : cut);
    }
    return {};
  }

  static bool IsHeaderOfAnother(const Candidate& candidate, const std::vector<Candidate>& candidates) {
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const Candidate& other) { return other.header_path == candidate.path; });
  }

  static std::string Why(const Candidate& candidate) {
    switch (candidate.content) {
      case Content::kEmpty: return "the file is empty";
      case Content::kOntology: return "an ontology is read from ontology.json or --ontology";
      case Content::kOtherCsv: return "the header has neither an :ID nor a :START_ID column";
      case Content::kJsonLines:
      case Content::kCsv: return "a header file without data files";
    }
    return "unknown content";
  }

  /// False: the file is no part of a graph.
  bool AddFile(const Candidate& candidate, uint32_t data_set) {
    if (candidate.content != Content::kCsv && candidate.content != Content::kJsonLines) return false;
    if (IsHeader(candidate)) return false;
    PlannedFile file;
    file.form = candidate.content == Content::kJsonLines ? FileForm::kJsonLines
                : candidate.is_edges                     ? FileForm::kCsvEdges
                                                         : FileForm::kCsvVertices;
    file.path = candidate.path;
    file.header_path = candidate.header_path;
    file.name = static_cast<uint32_t>(plan_.names.size());
    file.data_set = data_set;
    std::error_code ignored;
    const uintmax_t bytes = fs::file_size(candidate.path, ignored);
    file.bytes = ignored ? 0 : bytes;
    plan_.names.push_back(candidate.path);
    plan_.files.push_back(std::move(file));
    return true;
  }

  uint32_t AddDataSet(std::string name) {
    plan_.data_sets.push_back(std::move(name));
    return static_cast<uint32_t>(plan_.data_sets.size() - 1);
  }

  Status ReadOntology(const std::string& path, std::string* data_set) {
    TUPU_TRY_ASSIGN(std::string text, ReadTextPrefix(path, kMaxOntologyBytes));
    Result<Ontology> ontology = Ontology::Parse(text);
    if (!ontology.has_value()) {
      Error error = std::move(ontology).error();
      error.message = path + ": " + error.message;
      return error;
    }
    if (!ontology->data_set().empty()) *data_set = ontology->data_set();
    plan_.ontologies.push_back(ontology->json());
    return {};
  }

  static std::string Canonical(const std::string& path) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(path, error);
    const std::string text = error ? path : canonical.string();
    return text.size() > 1 && text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
  }

  const LoaderOptions& options_;
  const std::string& delimiter_;
  LoadPlan plan_;
  std::string given_data_set_;
  std::set<std::string> seen_;
  std::map<std::string, std::vector<Candidate>> loose_;  // by folder
};

}  // namespace

Result<LoadPlan> PlanLoad(std::span<const std::string> paths, const LoaderOptions& options,
                          const std::string& delimiter) {
  return Planner(options, delimiter).Plan(paths);
}

}  // namespace tupu
