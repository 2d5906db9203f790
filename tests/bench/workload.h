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

/// One question of a workload: its text for each engine, and the inputs that it is asked with.
///
/// A workload is a file under tests/bench/workload, where a question is written as
///
///     query q2
///     what  partners of a firm, both directions     for the table
///     input firm 1000                                the first 1,000 inputs of the list `firm`; or, any number of times,
///     with  {"code": "600000.SH"}                    one input as JSON; neither: asked without parameters
///     calls 20                                       calls a round, if not once with each input
///     prepare                                        the text is parsed and planned, not run; {N} becomes the call's number
///     search                                         the text reads the neighbours of one vertex; the engine's driver searches
///     tupu                                           the text for an engine, or for several (`kuzu ladybug`), indented
///         MATCH (:Firm {name: $name})-[r:PARTNERS_WITH]-(p) RETURN p.id, p.name, r.since
///
/// and `#` begins a comment line. An engine without a text does not take part.
struct WorkloadQuery {
  std::string id;
  std::string what;
  std::string list;         // of the inputs; empty: `inputs` are as they stand in the file
  size_t list_inputs = 0;   // how many of the list
  std::vector<Map> inputs;  // parameters; never empty once FillInputs was called
  size_t calls = 0;         // a round; 0: once with each input
  bool prepare = false;
  bool search = false;
  std::map<std::string, std::string, std::less<>> texts;  // by engine

  const std::string* FindText(std::string_view engine) const;
  size_t CallsOfRound() const { return calls == 0 ? inputs.size() : calls; }
};

/// Errors: kIo; kInvalidArgument with file and line.
Result<std::vector<WorkloadQuery>> ReadWorkload(const std::string& path);

/// The lists of the firm graph: `firm` ({name, id}), `pair` ({name, id, other_name, other_id}, two different firms) and
/// `firms` ({names, ids} of 1,000). Firms are drawn evenly, by a fixed seed.
std::map<std::string, std::vector<Map>> FirmInputs(const FirmGraph& graph);

/// Gives every question its inputs; one that takes none gets the empty Map. Errors: kInvalidArgument (unknown or short list).
Status FillInputs(const std::map<std::string, std::vector<Map>>& lists, std::vector<WorkloadQuery>& queries);

}  // namespace tupu
