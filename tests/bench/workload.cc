#include "tests/bench/workload.h"

#include <charconv>
#include <fstream>
#include <optional>
#include <random>
#include <utility>

#include <fmt/format.h>

#include <tupu/value_json.h>

namespace tupu {
namespace {

constexpr size_t kFirms = 1000;
constexpr size_t kPairs = 200;

std::string_view TakeWord(std::string_view& rest) {
  const size_t begin = std::min(rest.find_first_not_of(' '), rest.size());
  const size_t end = std::min(rest.find(' ', begin), rest.size());
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(std::min(rest.find_first_not_of(' ', end), rest.size()));
  return word;
}

std::optional<size_t> ToCount(std::string_view text) {
  size_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  for (std::string_view word = TakeWord(text); !word.empty(); word = TakeWord(text)) words.emplace_back(word);
  return words;
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// {1}, {2} ... become the parts of `word` between slashes.
std::string FillIn(std::string text, std::string_view word) {
  for (int number = 1; !word.empty(); ++number) {
    const size_t end = std::min(word.find('/'), word.size());
    const std::string place = fmt::format("{{{}}}", number);
    for (size_t at = text.find(place); at != std::string::npos; at = text.find(place, at))
      text.replace(at, place.size(), word.substr(0, end));
    word.remove_prefix(std::min(end + 1, word.size()));
  }
  return text;
}

/// A text in which the lines under `each A B` stand once for A and once for B.
std::string ExpandEach(std::string_view text) {
  std::string whole;
  const std::vector<std::string> lines = SplitLines(text);
  for (size_t i = 0; i < lines.size();) {
    if (!lines[i].starts_with("each ")) {
      whole += lines[i++] + '\n';
      continue;
    }
    const std::vector<std::string> words = SplitWords(std::string_view(lines[i++]).substr(5));
    std::string repeated;
    while (i < lines.size() && lines[i].starts_with("    ")) repeated += lines[i++].substr(4) + '\n';
    for (const std::string& word : words) whole += FillIn(repeated, word);
  }
  return whole;
}

class WorkloadReader {
 public:
  explicit WorkloadReader(std::string path) : path_(std::move(path)) {}

  Result<Workload> Read() {
    std::ifstream file(path_);
    if (!file) return Error{ErrorCode::kIo, fmt::format("{}: cannot be read", path_)};
    for (std::string line; std::getline(file, line);) {
      ++line_;
      if (line.empty() || line[0] == '#') continue;
      if (line.starts_with("    ")) {
        TUPU_TRY(TakeText(std::string_view(line).substr(4)));
      } else {
        TUPU_TRY(TakeLine(line));
      }
    }
    for (const auto& [engine, text] : loads_) workload_.loads[engine] = SplitStatements(ExpandEach(text));
    return std::move(workload_);
  }

 private:
  using TextByEngine = std::map<std::string, std::string, std::less<>>;

  Error At(std::string_view what) const {
    return Error{ErrorCode::kInvalidArgument, fmt::format("{}:{}: {}", path_, line_, what)};
  }

  Status TakeText(std::string_view text) {
    if (engines_.empty()) return At("a text belongs under the name of an engine");
    TextByEngine& texts = loading_ ? loads_ : workload_.queries.back().texts;
    for (const std::string& engine : engines_) {
      std::string& whole = texts[engine];
      if (!whole.empty()) whole += '\n';
      whole += text;
    }
    return {};
  }

  Status TakeLine(std::string_view rest) {
    const std::string_view line = rest;
    const std::string_view word = TakeWord(rest);
    engines_.clear();
    loading_ = word == "load";
    if (loading_) {
      engines_ = SplitWords(rest);
    } else if (word == "sum") {
      workload_.sum = true;
    } else if (word == "list") {
      list_ = &workload_.lists[std::string(rest)];
    } else if (word == "with") {
      return TakeInput(rest);
    } else if (word == "query") {
      workload_.queries.emplace_back().id = std::string(rest);
    } else if (workload_.queries.empty()) {
      return At("expected `query ID`");
    } else if (!TakeFlag(word)) {
      return TakeSetting(word, rest, line);
    }
    return {};
  }

  Status TakeInput(std::string_view text) {
    if (list_ == nullptr) return At("an input belongs under `list NAME`");
    Result<Value> input = ParseJson(text);
    if (!input || input->type() != ValueType::kMap) return At("an input is a JSON object");
    list_->push_back(input->AsMap());
    return {};
  }

  bool TakeFlag(std::string_view word) {
    WorkloadQuery& query = workload_.queries.back();
    if (word == "prepare") return query.prepare = true;
    if (word == "search") return query.search = true;
    return false;
  }

  Status TakeSetting(std::string_view word, std::string_view rest, std::string_view line) {
    WorkloadQuery& query = workload_.queries.back();
    if (word == "what") {
      query.what = std::string(rest);
    } else if (word == "input") {
      query.list = std::string(TakeWord(rest));
      return TakeCount(rest, query.list_inputs);
    } else if (word == "calls") {
      return TakeCount(rest, query.calls);
    } else if (word == "beside") {
      query.beside = std::string(rest);
    } else if (word == "differs") {
      const size_t reason = rest.find("  ");
      if (reason == std::string_view::npos) return At("expected engines, two blanks and the reason");
      for (const std::string& engine : SplitWords(rest.substr(0, reason)))
        query.differs[engine] = std::string(rest.substr(reason + 2));
    } else {
      engines_ = SplitWords(line);
    }
    return {};
  }

  Status TakeCount(std::string_view text, size_t& count) {
    const std::optional<size_t> number = ToCount(text);
    if (!number) return At("expected a number above 0");
    count = *number;
    return {};
  }

  std::string path_;
  size_t line_ = 0;
  Workload workload_;
  TextByEngine loads_;
  std::vector<Map>* list_ = nullptr;  // that inputs belong to
  std::vector<std::string> engines_;  // that the indented lines belong to
  bool loading_ = false;              // they are of `load`
};

}  // namespace

const std::string* WorkloadQuery::FindText(std::string_view engine) const {
  const auto text = texts.find(engine);
  return text == texts.end() ? nullptr : &text->second;
}

Result<Workload> ReadWorkload(const std::string& path) {
  return WorkloadReader(path).Read();
}

std::vector<std::string> SplitStatements(std::string_view text) {
  std::vector<std::string> statements;
  std::string statement;
  for (const std::string& line : SplitLines(text)) {
    if (!statement.empty()) statement += '\n';
    statement += line;
    if (!statement.ends_with(';')) continue;
    statement.pop_back();
    statements.push_back(std::exchange(statement, ""));
  }
  if (!statement.empty()) statements.push_back(std::move(statement));
  return statements;
}

Workload::Lists FirmInputs(const FirmGraph& graph) {
  std::mt19937_64 random(1);  // its sequence is the same everywhere, unlike that of a distribution
  const uint64_t firms = graph.CountOf(FirmLabel::kFirm);
  const auto name_of = [&](uint64_t firm) {
    std::string name;
    graph.NameOf(FirmLabel::kFirm, firm, name);
    return Value(name);
  };
  const auto id_of = [&](uint64_t firm) {
    return Value(static_cast<int64_t>(graph.FirstIdOf(FirmLabel::kFirm) + firm));
  };
  Workload::Lists lists;
  List names, ids;
  for (size_t i = 0; i < kFirms; ++i) {
    const uint64_t firm = random() % firms;
    lists["firm"].push_back({{"name", name_of(firm)}, {"id", id_of(firm)}});
    names.push_back(name_of(firm));
    ids.push_back(id_of(firm));
  }
  for (size_t i = 0; i < kPairs; ++i) {
    const uint64_t firm = random() % firms;
    const uint64_t other = (firm + 1 + random() % (firms - 1)) % firms;
    lists["pair"].push_back(
        {{"name", name_of(firm)}, {"id", id_of(firm)}, {"other_name", name_of(other)}, {"other_id", id_of(other)}});
  }
  lists["firms"].push_back({{"names", Value(std::move(names))}, {"ids", Value(std::move(ids))}});
  return lists;
}

Status FillInputs(Workload& workload) {
  for (WorkloadQuery& query : workload.queries) {
    if (query.list.empty()) {
      query.inputs.assign(1, {});
      continue;
    }
    const auto list = workload.lists.find(query.list);
    if (list == workload.lists.end() || list->second.size() < query.list_inputs) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{}: there are not {} inputs '{}'", query.id, query.list_inputs, query.list)};
    }
    query.inputs.assign(list->second.begin(), list->second.begin() + static_cast<ptrdiff_t>(query.list_inputs));
  }
  return {};
}

}  // namespace tupu
