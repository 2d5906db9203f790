#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tupu/cancellation.h>
#include <tupu/result.h>
#include <tupu/value.h>

namespace tupu {

class GraphView;

struct ProcedureField {
  std::string name;
  std::string type;                         // as openCypher writes it: "INTEGER", "NODE", "LIST OF STRING", "ANY" ...
  std::optional<Value> default_value = {};  // inputs only: may be left out
};

struct ProcedureSignature {
  std::string name;  // "tupu.pagerank"
  std::vector<ProcedureField> inputs;
  std::vector<ProcedureField> outputs;
  std::string description;
};

class ProcedureRegistry;

struct ProcedureContext {
  const GraphView& view;
  CancellationToken cancellation;
  const ProcedureRegistry* registry = nullptr;  // that the call was found in, or next to
};

/// Rows in the order of the signature's outputs; vertices and edges as references (VertexId, EdgeReference).
using ProcedureRows = std::vector<std::vector<Value>>;
using ProcedureFunction =
    std::function<Result<ProcedureRows>(const ProcedureContext&, const std::vector<Value>& arguments)>;

struct Procedure {
  ProcedureSignature signature;
  ProcedureFunction function;
};

/// What CALL can reach. `query` declares it, folders above fill it, so that query includes none of them.
/// Threads: filled before the first query, then read only.
class ProcedureRegistry {
 public:
  void Register(Procedure procedure) {
    std::string name = procedure.signature.name;
    procedures_.insert_or_assign(std::move(name), std::move(procedure));
  }
  const Procedure* Find(std::string_view name) const {
    const auto found = procedures_.find(name);
    return found == procedures_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, Procedure, std::less<>>& procedures() const { return procedures_; }

 private:
  std::map<std::string, Procedure, std::less<>> procedures_;
};

}  // namespace tupu
