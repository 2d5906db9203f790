#pragma once

#include <string>
#include <vector>

#include "query/executor/operator.h"
#include "query/executor/write_properties.h"

namespace tupu {

struct CreateVertexItem {
  Slot slot = 0;
  std::vector<std::string> labels;
  PropertyWrites properties;
};

struct CreateEdgeItem {
  Slot slot = 0;
  Slot start = 0;
  Slot end = 0;
  std::string type;
  PropertyWrites properties;
};

/// What one part of a CREATE or MERGE pattern makes: vertices, then the edges between them.
struct CreatePattern {
  std::vector<CreateVertexItem> vertices;
  std::vector<CreateEdgeItem> edges;
};

/// Creates the pattern for `row`, the last of `rows`, appending the new entities to their slots.
Status CreateForRow(const CreatePattern& pattern, Batch& rows, size_t row, ExecutionContext& context, bool merge);

/// CREATE: once per input row, part by part: the properties of a part may read what earlier parts made.
class Create final : public Operator {
 public:
  Create(OperatorPtr input, std::vector<CreatePattern> parts);

 protected:
  Status NextBatch(Batch& out) override;

 private:
  std::vector<CreatePattern> parts_;
};

}  // namespace tupu
