using Wharf.Grains;
using Wharf.Protocol;
using Wharf.Tables;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Tables;

/// <summary>Converts the condition trees of the protocol.</summary>
internal static class FilterConditions
{
    /// <summary>Converts a tree. The protobuf parser has bounded its depth.</summary>
    /// <exception cref="FaultException">INVALID_ARGUMENT: a part of the tree is empty.</exception>
    public static FilterCondition Read(Wire.Condition condition) => condition.DataCase switch
    {
        Wire.Condition.DataOneofCase.And => new AllConditions([.. condition.And.Filters.Select(Read)]),
        Wire.Condition.DataOneofCase.Or => new AnyCondition([.. condition.Or.Filters.Select(Read)]),
        Wire.Condition.DataOneofCase.Not => new NotCondition(Read(condition.Not.Filter ?? throw Missing(Wire.NotCondition.Descriptor.FullName, "filter"))),
        Wire.Condition.DataOneofCase.Compare => Read(condition.Compare),
        Wire.Condition.DataOneofCase.In => new InCondition(
            Read(condition.In.Target), [.. condition.In.Candidates.Select(Read)], IgnoresCase(condition.In.CaseSensitivity), IsInverted(condition.In.MatchType)),
        Wire.Condition.DataOneofCase.Invoke => new InvokeCondition(
            condition.Invoke.Method, condition.Invoke.Target is { } target ? Read(target) : null, [.. condition.Invoke.Arguments.Select(Read)]),
        Wire.Condition.DataOneofCase.IsNull => new IsNullCondition(Read(condition.IsNull.Reference)),
        Wire.Condition.DataOneofCase.IsNan => new IsNaNCondition(Read(condition.IsNan.Reference)),
        Wire.Condition.DataOneofCase.Matches => new MatchesCondition(
            Read(condition.Matches.Reference), condition.Matches.Regex, IgnoresCase(condition.Matches.CaseSensitivity), IsInverted(condition.Matches.MatchType)),
        Wire.Condition.DataOneofCase.Contains => new ContainsCondition(
            Read(condition.Contains.Reference), condition.Contains.SearchString, IgnoresCase(condition.Contains.CaseSensitivity), IsInverted(condition.Contains.MatchType)),
        Wire.Condition.DataOneofCase.Search => new SearchCondition(condition.Search.SearchString, [.. condition.Search.OptionalReferences.Select(Read)]),
        _ => throw new FaultException(FaultCode.InvalidArgument, StatusTexts.MustHaveOneof(Wire.Condition.Descriptor.FullName, "data")),
    };

    // The protocol's operators have the same numbers as CompareOperator.
    private static CompareCondition Read(Wire.CompareCondition compare) => Enum.IsDefined((CompareOperator)compare.Operation)
        ? new CompareCondition((CompareOperator)compare.Operation, Read(compare.Lhs), Read(compare.Rhs), IgnoresCase(compare.CaseSensitivity))
        : throw new FaultException(FaultCode.InvalidArgument, $"{(int)compare.Operation} is not a comparison operator");

    private static FilterOperand Read(Wire.Value? value) => value?.DataCase switch
    {
        Wire.Value.DataOneofCase.Reference => new ColumnOperand(Read(value.Reference)),
        Wire.Value.DataOneofCase.Literal => new LiteralOperand(Read(value.Literal)),
        _ => throw new FaultException(FaultCode.InvalidArgument, StatusTexts.MustHaveOneof(Wire.Value.Descriptor.FullName, "data")),
    };

    private static FormulaParameter Read(Wire.Literal literal) => literal.ValueCase switch
    {
        Wire.Literal.ValueOneofCase.StringValue => new TextParameter(literal.StringValue),
        Wire.Literal.ValueOneofCase.DoubleValue => new DoubleParameter(literal.DoubleValue),
        Wire.Literal.ValueOneofCase.BoolValue => new BooleanParameter(literal.BoolValue),
        Wire.Literal.ValueOneofCase.LongValue => new LongParameter(literal.LongValue),
        Wire.Literal.ValueOneofCase.NanoTimeValue => new InstantParameter(literal.NanoTimeValue),
        _ => throw new FaultException(FaultCode.InvalidArgument, StatusTexts.MustHaveOneof(Wire.Literal.Descriptor.FullName, "value")),
    };

    private static string Read(Wire.Reference? reference) => reference?.ColumnName ?? throw Missing(Wire.Reference.Descriptor.FullName, "column_name");

    private static bool IgnoresCase(Wire.CaseSensitivity sensitivity) => sensitivity == Wire.CaseSensitivity.IgnoreCase;

    private static bool IsInverted(Wire.MatchType type) => type == Wire.MatchType.Inverted;

    private static FaultException Missing(string message, string field) => new(FaultCode.InvalidArgument, $"{message} must have field {field}");
}
