using System.Text.Json.Serialization;

namespace Wharf.Tables;

/// <summary>A condition on the rows of a table, as a tree. Comparisons with null never fail.</summary>
/// <remarks>Discriminators and property names are part of the format between nodes: never reuse one.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(AllConditions), "all")]
[JsonDerivedType(typeof(AnyCondition), "any")]
[JsonDerivedType(typeof(NotCondition), "not")]
[JsonDerivedType(typeof(CompareCondition), "compare")]
[JsonDerivedType(typeof(InCondition), "in")]
[JsonDerivedType(typeof(InvokeCondition), "invoke")]
[JsonDerivedType(typeof(IsNullCondition), "null")]
[JsonDerivedType(typeof(IsNaNCondition), "nan")]
[JsonDerivedType(typeof(MatchesCondition), "matches")]
[JsonDerivedType(typeof(ContainsCondition), "contains")]
[JsonDerivedType(typeof(SearchCondition), "search")]
public abstract record FilterCondition;

/// <summary>True if all conditions are true, or if there are none.</summary>
/// <param name="Conditions">The conditions.</param>
public sealed record AllConditions(IReadOnlyList<FilterCondition> Conditions) : FilterCondition;

/// <summary>True if any condition is true, or if there are none, as in the reference server.</summary>
/// <param name="Conditions">The conditions.</param>
public sealed record AnyCondition(IReadOnlyList<FilterCondition> Conditions) : FilterCondition;

/// <summary>
/// The negation of a condition. A comparison is inverted (not less becomes greater or equal, which NaN does not satisfy); null still
/// matches no pattern.
/// </summary>
/// <param name="Condition">The condition.</param>
public sealed record NotCondition(FilterCondition Condition) : FilterCondition;

/// <summary>The comparison operators.</summary>
public enum CompareOperator
{
    /// <summary>Less than.</summary>
    Less = 0,

    /// <summary>Less than or equal.</summary>
    LessOrEqual = 1,

    /// <summary>Greater than.</summary>
    Greater = 2,

    /// <summary>Greater than or equal.</summary>
    GreaterOrEqual = 3,

    /// <summary>Equal.</summary>
    Equal = 4,

    /// <summary>Not equal.</summary>
    NotEqual = 5,
}

/// <summary>Compares two values; null is the smallest value.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="IgnoreCase">Whether strings are compared case-insensitively.</param>
public sealed record CompareCondition(CompareOperator Operator, FilterOperand Left, FilterOperand Right, bool IgnoreCase = false)
    : FilterCondition;

/// <summary>Tests whether a value is in a list.</summary>
/// <param name="Target">The value.</param>
/// <param name="Candidates">The list.</param>
/// <param name="IgnoreCase">Whether strings are compared case-insensitively.</param>
/// <param name="IsInverted">Whether the value must not be in the list.</param>
public sealed record InCondition(
    FilterOperand Target, IReadOnlyList<FilterOperand> Candidates, bool IgnoreCase = false, bool IsInverted = false) : FilterCondition;

/// <summary>Calls a formula function or a method that returns true or false; false for a null target.</summary>
/// <param name="Method">The name of the function or method.</param>
/// <param name="Target">The target of the method; null for a function.</param>
/// <param name="Arguments">The arguments.</param>
public sealed record InvokeCondition(string Method, FilterOperand? Target, IReadOnlyList<FilterOperand> Arguments) : FilterCondition;

/// <summary>Tests whether a column is null.</summary>
/// <param name="Column">The column.</param>
public sealed record IsNullCondition(string Column) : FilterCondition;

/// <summary>Tests whether a numeric column is NaN.</summary>
/// <param name="Column">The column.</param>
public sealed record IsNaNCondition(string Column) : FilterCondition;

/// <summary>Tests whether a whole string matches a regular expression; false for null, also if inverted.</summary>
/// <param name="Column">A string column.</param>
/// <param name="Pattern">The regular expression.</param>
/// <param name="IgnoreCase">Whether the match is case-insensitive.</param>
/// <param name="IsInverted">Whether the string must not match.</param>
public sealed record MatchesCondition(string Column, string Pattern, bool IgnoreCase = false, bool IsInverted = false) : FilterCondition;

/// <summary>Tests whether a string contains another; false for null, also if inverted.</summary>
/// <param name="Column">A string column.</param>
/// <param name="Text">The string to search for.</param>
/// <param name="IgnoreCase">Whether the search is case-insensitive.</param>
/// <param name="IsInverted">Whether the string must not be contained.</param>
public sealed record ContainsCondition(string Column, string Text, bool IgnoreCase = false, bool IsInverted = false) : FilterCondition;

/// <summary>
/// Searches all columns for a text: case-insensitively within strings, as the whole value in numbers, characters and Booleans.
/// </summary>
/// <param name="Text">The text to search for; an empty text is never found.</param>
/// <param name="Columns">The columns to search; empty for all.</param>
public sealed record SearchCondition(string Text, IReadOnlyList<string> Columns) : FilterCondition;

/// <summary>A value in a condition.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ColumnOperand), "column")]
[JsonDerivedType(typeof(LiteralOperand), "literal")]
public abstract record FilterOperand;

/// <summary>A column, or one of the row indexes <c>i</c> and <c>ii</c>.</summary>
/// <param name="Name">The name.</param>
public sealed record ColumnOperand(string Name) : FilterOperand;

/// <summary>A constant.</summary>
/// <param name="Value">The value.</param>
public sealed record LiteralOperand(FormulaParameter Value) : FilterOperand;
