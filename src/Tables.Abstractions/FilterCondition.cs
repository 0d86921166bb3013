using System.Text.Json.Serialization;

namespace Wharf.Tables;

/// <summary>A condition on the rows of a table, as a tree. Whatever it compares, a null never makes it fail.</summary>
/// <remarks>A discriminator or a property name is a wire name: it is never reused for something else.</remarks>
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

/// <summary>True where all of them are; without any, in every row.</summary>
/// <param name="Conditions">The conditions.</param>
public sealed record AllConditions(IReadOnlyList<FilterCondition> Conditions) : FilterCondition;

/// <summary>True where one of them is; without any, in every row, as the reference server has it.</summary>
/// <param name="Conditions">The conditions.</param>
public sealed record AnyCondition(IReadOnlyList<FilterCondition> Conditions) : FilterCondition;

/// <summary>The opposite. A comparison turns round (what is not less is greater or equal, so that NaN is neither), and null still matches no pattern.</summary>
/// <param name="Condition">The condition.</param>
public sealed record NotCondition(FilterCondition Condition) : FilterCondition;

/// <summary>How two values are compared.</summary>
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

/// <summary>Compares two values; null is the smallest.</summary>
/// <param name="Operator">How.</param>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="IgnoreCase">Whether texts are compared without regard to case.</param>
public sealed record CompareCondition(CompareOperator Operator, FilterOperand Left, FilterOperand Right, bool IgnoreCase = false) : FilterCondition;

/// <summary>Whether a value is one of several.</summary>
/// <param name="Target">The value.</param>
/// <param name="Candidates">What it may be.</param>
/// <param name="IgnoreCase">Whether texts are compared without regard to case.</param>
/// <param name="IsInverted">Whether it must be none of them.</param>
public sealed record InCondition(FilterOperand Target, IReadOnlyList<FilterOperand> Candidates, bool IgnoreCase = false, bool IsInverted = false) : FilterCondition;

/// <summary>Calls a function of formulas, or a method, that answers true or false; false for a target that is null.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Target">What the method is called on; null for a function.</param>
/// <param name="Arguments">The arguments.</param>
public sealed record InvokeCondition(string Method, FilterOperand? Target, IReadOnlyList<FilterOperand> Arguments) : FilterCondition;

/// <summary>Whether a column is null.</summary>
/// <param name="Column">The column.</param>
public sealed record IsNullCondition(string Column) : FilterCondition;

/// <summary>Whether a column of numbers is not a number.</summary>
/// <param name="Column">The column.</param>
public sealed record IsNaNCondition(string Column) : FilterCondition;

/// <summary>Whether a whole text matches a regular expression; null never does, inverted or not.</summary>
/// <param name="Column">A column of texts.</param>
/// <param name="Pattern">The regular expression.</param>
/// <param name="IgnoreCase">Whether case does not matter.</param>
/// <param name="IsInverted">Whether it must not match.</param>
public sealed record MatchesCondition(string Column, string Pattern, bool IgnoreCase = false, bool IsInverted = false) : FilterCondition;

/// <summary>Whether a text contains another; null never does, inverted or not.</summary>
/// <param name="Column">A column of texts.</param>
/// <param name="Text">What is looked for.</param>
/// <param name="IgnoreCase">Whether case does not matter.</param>
/// <param name="IsInverted">Whether it must not be there.</param>
public sealed record ContainsCondition(string Column, string Text, bool IgnoreCase = false, bool IsInverted = false) : FilterCondition;

/// <summary>Whether a text is found in any column: inside texts whatever their case, as the whole of a number, a character or a truth value.</summary>
/// <param name="Text">What is looked for; the empty text is nowhere.</param>
/// <param name="Columns">Where; none means every column.</param>
public sealed record SearchCondition(string Text, IReadOnlyList<string> Columns) : FilterCondition;

/// <summary>A value in a condition.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ColumnOperand), "column")]
[JsonDerivedType(typeof(LiteralOperand), "literal")]
public abstract record FilterOperand;

/// <summary>A column, or one of the row numbers <c>i</c> and <c>ii</c>.</summary>
/// <param name="Name">Its name.</param>
public sealed record ColumnOperand(string Name) : FilterOperand;

/// <summary>A fixed value.</summary>
/// <param name="Value">The value.</param>
public sealed record LiteralOperand(FormulaParameter Value) : FilterOperand;
