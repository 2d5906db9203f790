#include "engine/algorithms/algorithm_config.h"
#include "storage/base/similar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace tupu {
namespace {

constexpr uint32_t Bit(Algorithm algorithm) {
  return uint32_t{1} << static_cast<unsigned>(algorithm);
}

constexpr uint32_t kScores = Bit(Algorithm::kDegree) | Bit(Algorithm::kPageRank) | Bit(Algorithm::kBetweenness) |
                             Bit(Algorithm::kCloseness) | Bit(Algorithm::kHarmonic);
constexpr uint32_t kDirected = kScores | Bit(Algorithm::kScc);
constexpr uint32_t kAll = kDirected | Bit(Algorithm::kWcc);

/// Stores one value of the map, or says what it should have been: "a BOOLEAN".
using Expected = std::optional<std::string>;
constexpr std::nullopt_t kTaken = std::nullopt;

Expected TakeBoolean(const Value& value, std::optional<bool>& out) {
  if (value.type() != ValueType::kBoolean) return "a BOOLEAN";
  out = value.AsBoolean();
  return kTaken;
}

/// Keeps `out` empty for '*'.
Expected TakeNames(const Value& value, std::vector<std::string>& out) {
  const List list = value.type() == ValueType::kList ? value.AsList() : List{value};
  for (const Value& item : list) {
    if (item.type() != ValueType::kString) return "a STRING or a list of STRINGs";
    out.push_back(item.AsString());
  }
  if (list.empty()) return "a STRING or a list of STRINGs that is not empty (leave the key out for all)";
  if (std::find(out.begin(), out.end(), "*") != out.end()) out.clear();
  return kTaken;
}

template <class Enum>
struct Choice {
  std::string_view name;
  Enum value;
};

template <class Enum>
Expected TakeChoice(const Value& value, std::span<const Choice<Enum>> choices, Enum& out) {
  std::string expected;
  for (const auto& choice : choices) {
    if (value.type() == ValueType::kString &&
        std::equal(choice.name.begin(), choice.name.end(), value.AsString().begin(), value.AsString().end(),
                   [](char wanted, char given) { return wanted == given || wanted == given - ('a' - 'A'); })) {
      out = choice.value;
      return kTaken;
    }
    expected += fmt::format("{}'{}'", expected.empty() ? "one of " : ", ", choice.name);
  }
  return expected;
}

Expected TakeOrientation(const Value& value, CentralityRequest& request) {
  static constexpr std::array<Choice<Orientation>, 3> kChoices = {{{"NATURAL", Orientation::kNatural},
                                                                   {"REVERSE", Orientation::kReverse},
                                                                   {"UNDIRECTED", Orientation::kUndirected}}};
  return TakeChoice<Orientation>(value, kChoices, request.slice.orientation);
}

Expected TakeParallelEdges(const Value& value, CentralityRequest& request) {
  static constexpr std::array<Choice<ParallelEdges>, 2> kChoices = {
      {{"MERGE", ParallelEdges::kMerged}, {"KEEP", ParallelEdges::kKept}}};
  return TakeChoice<ParallelEdges>(value, kChoices, request.slice.parallel_edges);
}

Expected TakeFamily(const Value& value, CentralityRequest& request) {
  if (value.type() != ValueType::kString || value.AsString().empty()) return "a STRING that is not empty";
  request.slice.family = value.AsString();
  return kTaken;
}

Expected TakeWeight(const Value& value, CentralityRequest& request) {
  if (value.type() == ValueType::kBoolean) {
    request.slice.declared_weight = value.AsBoolean();
    return kTaken;
  }
  if (value.type() != ValueType::kString || value.AsString().empty())
    return "the name of a property, or true for the one that the ontology declares";
  request.slice.weight_property = value.AsString();
  return kTaken;
}

Expected TakeDefaultWeight(const Value& value, CentralityRequest& request) {
  if (!value.is_number() || !(value.ToDouble() >= 0.0) || !std::isfinite(value.ToDouble()))
    return "a number, 0 or more";
  request.slice.default_weight = value.ToDouble();
  return kTaken;
}

Expected TakeDamping(const Value& value, CentralityRequest& request) {
  if (!value.is_number() || !(value.ToDouble() >= 0.0 && value.ToDouble() < 1.0)) return "a number from 0 to below 1";
  request.damping_factor = value.ToDouble();
  return kTaken;
}

Expected TakeTolerance(const Value& value, CentralityRequest& request) {
  if (!value.is_number() || !(value.ToDouble() > 0.0)) return "a number above 0";
  request.tolerance = value.ToDouble();
  return kTaken;
}

Expected TakeMaxIterations(const Value& value, CentralityRequest& request) {
  constexpr int64_t kMost = std::numeric_limits<uint32_t>::max();
  if (value.type() != ValueType::kInteger || value.AsInteger() < 1 || value.AsInteger() > kMost)
    return fmt::format("an INTEGER from 1 to {}", kMost);
  request.max_iterations = static_cast<uint32_t>(value.AsInteger());
  return kTaken;
}

Expected TakeSamplingSize(const Value& value, CentralityRequest& request) {
  if (value.type() != ValueType::kInteger || value.AsInteger() < 0) return "an INTEGER, 0 (exact) or more";
  request.sampling_size = static_cast<uint64_t>(value.AsInteger());
  return kTaken;
}

Expected TakeSamplingSeed(const Value& value, CentralityRequest& request) {
  if (value.type() != ValueType::kInteger) return "an INTEGER";
  request.sampling_seed = static_cast<uint64_t>(value.AsInteger());
  return kTaken;
}

Expected TakeWassermanFaust(const Value& value, CentralityRequest& request) {
  if (value.type() != ValueType::kBoolean) return "a BOOLEAN";
  request.wasserman_faust = value.AsBoolean();
  return kTaken;
}

struct Key {
  std::string_view name;
  std::string_view other_name;  // as the Graph Data Science library has it; may be empty
  uint32_t algorithms;
  Expected (*take)(const Value&, CentralityRequest&);
};

constexpr uint32_t kNormalizable = Bit(Algorithm::kDegree) | Bit(Algorithm::kBetweenness) | Bit(Algorithm::kHarmonic);

constexpr std::array kKeys = {
    Key{"labels", "nodeLabels", kAll,
        [](const Value& v, CentralityRequest& r) { return TakeNames(v, r.slice.labels); }},
    Key{"types", "relationshipTypes", kAll,
        [](const Value& v, CentralityRequest& r) { return TakeNames(v, r.slice.types); }},
    Key{"family", "", kAll, TakeFamily},
    Key{"via", "", kAll, [](const Value& v, CentralityRequest& r) { return TakeBoolean(v, r.slice.via); }},
    Key{"isolated", "", kAll, [](const Value& v, CentralityRequest& r) { return TakeBoolean(v, r.slice.isolated); }},
    Key{"orientation", "direction", kDirected, TakeOrientation},
    Key{"parallelEdges", "", Bit(Algorithm::kDegree) | Bit(Algorithm::kPageRank), TakeParallelEdges},
    Key{"weight", "relationshipWeightProperty", kScores, TakeWeight},
    Key{"defaultWeight", "", kScores, TakeDefaultWeight},
    Key{"normalized", "", kNormalizable,
        [](const Value& v, CentralityRequest& r) { return TakeBoolean(v, r.normalized); }},
    Key{"maxIterations", "", Bit(Algorithm::kPageRank), TakeMaxIterations},
    Key{"dampingFactor", "", Bit(Algorithm::kPageRank), TakeDamping},
    Key{"tolerance", "", Bit(Algorithm::kPageRank), TakeTolerance},
    Key{"samplingSize", "", Bit(Algorithm::kBetweenness), TakeSamplingSize},
    Key{"samplingSeed", "", Bit(Algorithm::kBetweenness), TakeSamplingSeed},
    Key{"wassermanFaust", "useWassermanFaust", Bit(Algorithm::kCloseness), TakeWassermanFaust},
};

Error Refuse(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

const Key* FindKey(Algorithm algorithm, std::string_view name) {
  const auto found = std::find_if(kKeys.begin(), kKeys.end(), [&](const Key& key) {
    return (key.algorithms & Bit(algorithm)) != 0 && (name == key.name || (name == key.other_name && !name.empty()));
  });
  return found == kKeys.end() ? nullptr : found;
}

Error UnknownKey(Algorithm algorithm, std::string_view name) {
  std::vector<std::string> known;
  for (const Key& key : kKeys) {
    if ((key.algorithms & Bit(algorithm)) != 0)
      known.emplace_back(key.name);
    else if (name == key.name || (name == key.other_name && !name.empty()))
      return Refuse(
          fmt::format("the configuration key \"{}\" is for other algorithms than this one; leave it out", name));
  }
  Error error = Refuse(fmt::format("unknown configuration key \"{}\"", name));
  error.hint = SuggestName(name, std::move(known));
  return error;
}

/// By Algorithm; components have no measure, theirs is not read.
CentralityMeasure MeasureOf(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kDegree: return CentralityMeasure::kDegree;
    case Algorithm::kPageRank: return CentralityMeasure::kPageRank;
    case Algorithm::kBetweenness: return CentralityMeasure::kBetweenness;
    case Algorithm::kCloseness: return CentralityMeasure::kCloseness;
    case Algorithm::kHarmonic: return CentralityMeasure::kHarmonic;
    case Algorithm::kWcc:
    case Algorithm::kScc: break;
  }
  return CentralityMeasure::kDegree;
}

}  // namespace

Result<CentralityRequest> ParseAlgorithmConfig(Algorithm algorithm, const Map& config) {
  CentralityRequest request;
  request.measure = MeasureOf(algorithm);
  std::vector<const Key*> taken;
  for (const auto& [name, value] : config) {
    const Key* key = FindKey(algorithm, name);
    if (key == nullptr) return UnknownKey(algorithm, name);
    if (value.is_null()) continue;
    if (std::find(taken.begin(), taken.end(), key) != taken.end())
      return Refuse(fmt::format("the configuration keys \"{}\" and \"{}\" mean the same; give one of them", key->name,
                                key->other_name));
    taken.push_back(key);
    if (const Expected expected = key->take(value, request))
      return Refuse(
          fmt::format("the configuration key \"{}\" must be {}; it is {}", name, *expected, value.ToString()));
  }
  return request;
}

}  // namespace tupu
