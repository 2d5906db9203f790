#include "tests/bench/workload.h"

#include <charconv>
#include <fstream>
#include <optional>
#include <random>

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

class WorkloadReader {
 public:
  explicit WorkloadReader(std::string path) : path_(std::move(path)) {}

  Result<std::vector<WorkloadQuery>> Read() {
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
    return std::move(queries_);
  }

 private:
  Error At(std::string_view what) const {
    return Error{ErrorCode::kInvalidArgument, fmt::format("{}:{}: {}", path_, line_, what)};
  }

  Status TakeText(std::string_view text) {
    if (engines_.empty()) return At("a text belongs under the name of an engine");
    for (const std::string& engine : engines_) {
      std::string& whole = queries_.back().texts[engine];
      if (!whole.empty()) whole += '\n';
      whole += text;
    }
    return {};
  }

  Status TakeLine(std::string_view rest) {
    const std::string_view word = TakeWord(rest);
    engines_.clear();
    if (word == "query") {
      queries_.emplace_back().id = std::string(rest);
      return {};
    }
    if (queries_.empty()) return At("expected `query ID`");
    WorkloadQuery& query = queries_.back();
    if (word == "what") {
      query.what = std::string(rest);
    } else if (word == "input") {
      query.list = std::string(TakeWord(rest));
      return TakeCount(rest, query.list_inputs);
    } else if (word == "with") {
      TUPU_TRY_ASSIGN(const Value input, ParseJson(rest));
      if (input.type() != ValueType::kMap) return At("an input is a JSON object");
      query.inputs.push_back(input.AsMap());
    } else if (word == "calls") {
      return TakeCount(rest, query.calls);
    } else if (word == "prepare") {
      query.prepare = true;
    } else if (word == "search") {
      query.search = true;
    } else {
      engines_.emplace_back(word);
      while (!rest.empty()) engines_.emplace_back(TakeWord(rest));
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
  std::vector<WorkloadQuery> queries_;
  std::vector<std::string> engines_;  // that the indented lines belong to
};

}  // namespace

const std::string* WorkloadQuery::FindText(std::string_view engine) const {
  const auto text = texts.find(engine);
  return text == texts.end() ? nullptr : &text->second;
}

Result<std::vector<WorkloadQuery>> ReadWorkload(const std::string& path) {
  return WorkloadReader(path).Read();
}

std::map<std::string, std::vector<Map>> FirmInputs(const FirmGraph& graph) {
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
  std::map<std::string, std::vector<Map>> lists;
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

Status FillInputs(const std::map<std::string, std::vector<Map>>& lists, std::vector<WorkloadQuery>& queries) {
  for (WorkloadQuery& query : queries) {
    if (!query.list.empty()) {
      const auto list = lists.find(query.list);
      if (list == lists.end() || list->second.size() < query.list_inputs) {
        return Error{ErrorCode::kInvalidArgument,
                     fmt::format("{}: there are not {} inputs '{}'", query.id, query.list_inputs, query.list)};
      }
      query.inputs.assign(list->second.begin(), list->second.begin() + static_cast<ptrdiff_t>(query.list_inputs));
    }
    if (query.inputs.empty()) query.inputs.emplace_back();
  }
  return {};
}

}  // namespace tupu
