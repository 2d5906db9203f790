#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/result.h>
#include <tupu/value.h>

#include "tests/bench/firm_graph.h"

namespace tupu {

/// One question: its text for each engine, and the inputs that it is asked with.
struct WorkloadQuery {
  std::string id;
  std::string what;
  std::string list;         // of the inputs; empty: none are taken
  size_t list_inputs = 0;   // how many of the list
  std::vector<Map> inputs;  // parameters; never empty once FillInputs was called
  size_t calls = 0;         // a round; 0: once with each input
  bool prepare = false;
  bool search = false;
  std::string beside;                                     // question that this one's time is compared with; empty: none
  std::map<std::string, std::string, std::less<>> texts;  // by engine
  std::map<std::string, std::string, std::less<>> differs;  // by engine: why its answer may be another one

  const std::string* FindText(std::string_view engine) const;
  size_t CallsOfRound() const { return calls == 0 ? inputs.size() : calls; }
};

/// Questions on one data set, and how each engine takes the data in. Written as a file under tests/bench/workload:
///
///     load kuzu ladybug                   statements for these engines, each ended by `;` at the end of a line; $DATA is the
///         each Firm/firm Region/region    folder of the data. The lines under `each`, indented further, are repeated for
///             CREATE NODE TABLE {1}(...); each of its words, of which {1}, {2} ... are the parts between slashes.
///
///     list firm                           a list of inputs, one `with` line each
///     with {"code": "600000.SH"}
///
///     query q2
///     what  partners of a firm, both directions      for the table
///     input firm 1000                                 with the first 1,000 inputs of a list; none: without parameters
///     calls 20                                        calls a round, if not once with each input
///     prepare                                         parsed and planned, not run; {N} in the text is the call's number
///     beside hops                                     its time is also given as a multiple of that question's
///     search                                          the texts that are not Cypher find vertices and neighbours for a search
///     differs kuzu ladybug  why                       their answer may be another one: two blanks before the reason
///     kuzu ladybug                                    the text for these engines, indented; one without text takes no part
///         MATCH (:Firm {id: $id})-[r:PARTNERS_WITH]-(p:Firm) RETURN p.id, p.name, r.since
///
/// `sum` on a line of its own: engines are compared by the sum of all questions too. `#` begins a comment line.
struct Workload {
  using Lists = std::map<std::string, std::vector<Map>, std::less<>>;

  std::map<std::string, std::vector<std::string>, std::less<>> loads;  // by engine
  Lists lists;
  std::vector<WorkloadQuery> queries;
  bool sum = false;
};

/// Errors: kIo; kInvalidArgument with file and line.
Result<Workload> ReadWorkload(const std::string& path);

/// The statements of a text, each without its `;`.
std::vector<std::string> SplitStatements(std::string_view text);

/// The lists of the firm graph: `firm` ({name, id}), `pair` ({name, id, other_name, other_id}, two different firms) and
/// `firms` ({names, ids} of 1,000). Firms are drawn evenly, by a fixed seed.
Workload::Lists FirmInputs(const FirmGraph& graph);

/// Gives every question its inputs; one that takes none gets the empty Map. Errors: kInvalidArgument (unknown or short list).
Status FillInputs(Workload& workload);

}  // namespace tupu
