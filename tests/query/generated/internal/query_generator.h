#pragma once

#include <string>
#include <utility>
#include <vector>

#include "query/generated/fragment.h"
#include "query/generated/random.h"
#include "query/generated/random_query.h"

namespace tupu {

/// Makes one statement. What an expression may be follows from the kinds of the variables in scope, so that every statement
/// is well typed; sizes are bounded, so that the interpreter is done with it in milliseconds.
class QueryGenerator {
 public:
  explicit QueryGenerator(Random& random) : random_(random) {}

  RandomQuery Make();

 private:
  enum class Kind : uint8_t { kNode, kEdge, kPath, kShortPath, kNumber, kString, kBoolean, kAny, kList, kBag };
  struct Variable {
    std::string name;
    Kind kind{};
    Kind element = Kind::kAny;  // of kList and kBag
  };
  using Scope = std::vector<Variable>;
  enum class Use : uint8_t { kMatch, kPredicate, kComprehension };

  // ---- Clauses (random_query.cc)
  Fragment Branch(size_t columns, bool in_union);
  Fragment Match(bool optional);
  Fragment ShortestPathMatch();
  Fragment Unwind();
  Fragment With();
  Fragment PlainCount();
  Fragment Return(size_t columns, bool in_union);
  Fragment Where(int percent);
  struct Projection {
    std::vector<Fragment> items;
    Scope output;
    bool aggregating = false;
    bool bags = false;  // an item that cannot be compared
  };
  Projection Items(size_t columns, bool aggregating);
  std::pair<Fragment, Variable> Item(bool aggregate);
  std::pair<Fragment, Variable> Aggregate();
  Fragment TotalOrder(const Scope& output, int limit_percent);

  // ---- Patterns (random_pattern.cc)
  Fragment Part(Use use, Scope& declared);
  Fragment Node(Use use, Scope& declared, bool first, bool last);
  Fragment Step(Use use, Scope& declared);
  Fragment Relationship(Use use, Scope& declared);
  std::string KnownEdge(bool list);
  Fragment Properties(const Scope& declared);
  Fragment PatternPredicate();
  Fragment ExistsSubquery(int depth);
  Fragment PatternComprehension();  // of numbers

  // ---- Expressions (random_expression.cc)
  Fragment Number(int depth);
  Fragment String(int depth);
  Fragment Boolean(int depth);
  Fragment SimpleBoolean(int depth);
  Fragment SeekableBoolean();
  Fragment BooleanValue(int depth);  // one that may stand anywhere
  Fragment Any(int depth);
  std::pair<Fragment, Kind> List(int depth);  // with the kind of its elements
  Fragment Quantifier(int depth);

  const Variable* Find(std::initializer_list<Kind> kinds);
  std::string EntityProperty(std::initializer_list<const char*> keys);  // "n.i"; empty: no entity in scope
  std::string NewName(const char* prefix) { return prefix + std::to_string(next_name_++); }

  Random& random_;
  Scope scope_;
  std::vector<std::string> known_edges_;  // of clauses before, used in the MATCH at hand
  size_t next_name_ = 0;
  bool condition_ = true;  // what is made stands in WHERE, where a pattern is a condition
  bool bags_ = false;
  bool ordered_ = false;
  int steps_left_ = 5;  // relationships of all patterns
  int var_lengths_left_ = 2;
  int components_left_ = 3;  // parts that nothing joins to what is there
};

}  // namespace tupu
