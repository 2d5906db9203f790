#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>

#include "query/value/static_type.h"

namespace tupu {

class GraphView;

/// What a function may see beside its arguments. One per running query and thread; `random` changes.
struct FunctionContext {
  const GraphView& view;
  DateTime statement_time;  // when the statement started, in UTC: date(), datetime(), timestamp() agree all through it
  std::mt19937_64& random;
  /// The query deletes: an entity may be gone while rows still refer to it. Costs a look-up where a property is null.
  bool check_deleted = false;
  /// No function makes a value larger than this (range, replace ...): kResourceExhausted. 0: no bound.
  uint64_t memory_limit_bytes = 0;
};

/// The context's parts for a statement that starts now.
DateTime CurrentDateTime();

/// The running state of an aggregate over one group.
/// Life: made by MakeAggregator; Update per row (and Merge of partial states); Finish once.
class Aggregator {
 public:
  virtual ~Aggregator() = default;
  /// One row's arguments, as many as the call has (none for count(*)). Nulls are skipped as openCypher says.
  /// Errors: kInvalidArgument for a value the aggregate cannot take.
  virtual Status Update(std::span<const Value> arguments) = 0;
  /// The same row `count` times.
  virtual Status UpdateRepeated(std::span<const Value> arguments, int64_t count) {
    for (int64_t i = 0; i < count; ++i) TUPU_TRY(Update(arguments));
    return {};
  }
  /// Adds what `other`, made for the same call, has seen; its rows count as later ones.
  virtual Status Merge(Aggregator& other) = 0;
  virtual Result<Value> Finish() = 0;
  /// About how many bytes the state holds; grows with collect, percentiles and DISTINCT.
  virtual size_t MemoryBytes() const { return sizeof(*this); }
};

/// What a parameter takes, for the check before the query runs: a set of static types, empty: anything.
/// (openCypher leaves some checks to run time: range, toInteger, toString ...: their parameters are empty.)
using ParameterTypes = std::span<const StaticType>;

struct Function {
  static constexpr uint16_t kAnyNumber = UINT16_MAX;

  std::string_view name;  // canonical spelling: "toUpper", "duration.between"
  uint16_t min_arguments = 0;
  uint16_t max_arguments = 0;
  bool aggregate = false;
  bool deterministic = true;                        // equal arguments give an equal value within one statement
  bool null_if_any_null = true;                     // a null argument makes the result null (no call of `evaluate`)
  bool reads_graph = false;                         // needs FunctionContext::view
  std::span<const ParameterTypes> parameters = {};  // the last one stands for all that follow; empty: unchecked

  /// The result's static type for arguments of these types.
  StaticType (*result_type)(std::span<const StaticType> arguments) = nullptr;
  /// Scalars only; see CallFunction. `arguments` has no null if null_if_any_null.
  Result<Value> (*evaluate)(std::span<const Value> arguments, FunctionContext& context) = nullptr;
  /// Aggregates only; see MakeAggregator.
  std::unique_ptr<Aggregator> (*make_aggregator)() = nullptr;
};

/// The function of that name, upper and lower case alike ("TOUPPER" finds toUpper), or null.
/// The pointer is good for ever. Threads: safe.
const Function* FindFunction(std::string_view name);

/// All functions, sorted by name without regard to case.
std::span<const Function> AllFunctions();

/// Names one may have meant, nearest first, at most three; canonical spelling.
std::vector<std::string> SimilarFunctionNames(std::string_view name);

/// Whether an argument of static type `type` may stand at `index`: false only where it surely fits nowhere.
bool AcceptsArgument(const Function& function, size_t index, StaticType type);

/// "INTEGER, FLOAT or NUMBER": what may stand at `index`, for messages; "ANY" when nothing is checked.
std::string DescribeParameter(const Function& function, size_t index);

/// Calls a scalar function. Requires: !function.aggregate and a number of arguments it takes.
/// Errors: kInvalidArgument with a condition such as "TypeError.InvalidArgumentValue"; kNotFound with
/// "EntityNotFound.DeletedEntityAccess" for an entity that this query deleted.
Result<Value> CallFunction(const Function& function, std::span<const Value> arguments, FunctionContext& context);

/// A fresh state. With `distinct`, every first argument counts once (equal in the sense of grouping).
/// Requires: function.aggregate.
std::unique_ptr<Aggregator> MakeAggregator(const Function& function, bool distinct);

// Access to the parts of entities and of values with parts; the expressions n.key, n[key] and n:Label use them too.

/// base.key of a vertex, an edge, a map or a temporal value; null of null and for a missing key.
/// Errors: "TypeError.InvalidArgumentType" when base has no properties; "EntityNotFound.DeletedEntityAccess".
/// `check_deleted`: as in FunctionContext.
Result<Value> PropertyOf(const Value& base, std::string_view key, const GraphView& view, bool check_deleted = false);

/// All properties of a vertex or edge, or the map itself.
Result<Value> PropertiesOf(const Value& base, const GraphView& view);

/// base[index]: list by integer (negative counts from the end), map or entity by string. Null if either is null.
Result<Value> IndexOf(const Value& base, const Value& index, const GraphView& view, bool check_deleted = false);

}  // namespace tupu
