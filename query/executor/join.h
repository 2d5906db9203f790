#pragma once

#include <vector>

#include "query/executor/expression.h"
#include "query/executor/key_table.h"
#include "query/executor/operator.h"
#include "query/executor/row_buffer.h"

namespace tupu {

/// Base of joins that hold all rows of the right side and stream the left: rows come in the order of the left side.
/// The sides bind different slots.
class BufferedJoin : public Operator {
 public:
  BufferedJoin(OperatorPtr left, OperatorPtr right);

 protected:
  Status OpenSelf() override;
  Status NextBatch(Batch& out) final;
  void CloseSelf() override;

  /// The right side is complete.
  virtual Status AfterBuild(const Batch& right) = 0;
  /// The right rows that go with a left row: indexes, valid until the next call.
  virtual Result<std::span<const uint32_t>> Partners(const Row& left) = 0;

 private:
  Status Build();

  RowBuffer right_;
  bool built_ = false;
  Batch left_;
  size_t left_row_ = 0;
  std::span<const uint32_t> partners_;
  size_t position_ = 0;
  bool active_ = false;
};

/// Every left row with every right row.
class CartesianProduct final : public BufferedJoin {
 public:
  using BufferedJoin::BufferedJoin;

 protected:
  Status AfterBuild(const Batch& right) override;
  Result<std::span<const uint32_t>> Partners(const Row& left) override;

 private:
  std::vector<uint32_t> all_;
};

/// Left and right rows whose keys are equal; a null or NaN key equals none.
class HashJoin final : public BufferedJoin {
 public:
  HashJoin(OperatorPtr left, OperatorPtr right, std::vector<ExpressionPtr> left_keys,
           std::vector<ExpressionPtr> right_keys);

 protected:
  Status AfterBuild(const Batch& right) override;
  Result<std::span<const uint32_t>> Partners(const Row& left) override;

 private:
  std::vector<ExpressionPtr> left_keys_;
  std::vector<ExpressionPtr> right_keys_;
  KeyTable table_;
  std::vector<std::vector<uint32_t>> rows_by_key_;
};

}  // namespace tupu
