using Wharf.Tables.Columns;

namespace Wharf.Tables.Formulas.Conditions;

/// <summary>A parsed condition.</summary>
internal abstract record ConditionSyntax;

/// <summary>A Boolean expression.</summary>
internal sealed record ExpressionCondition(Syntax Expression) : ConditionSyntax
{
    /// <summary>The subexpressions that occur more than once.</summary>
    public IReadOnlySet<Syntax> Repeated { get; } = CommonSubexpressions.Of(Expression);

    /// <summary>Whether it only compares a column with a plain literal: these comparisons have another order.</summary>
    public bool IsOfOneColumn { get; init; }

    /// <summary>The digits of the number of such a condition if it has no suffix; otherwise null.</summary>
    public string? PlainNumber { get; init; }
}

/// <summary><c>Column [icase] [not] in value, ..</c></summary>
internal sealed record InConditionSyntax(int Position, string Column, IReadOnlyList<ListedLiteral> Values, bool IgnoreCase, bool IsInverted)
    : ConditionSyntax;

/// <summary><c>Column [icase] [not] includes [any|all] text, ..</c></summary>
internal sealed record IncludesCondition(
    int Position, string Column, IReadOnlyList<string> Texts, bool IgnoreCase, bool IsInverted, bool All) : ConditionSyntax;

/// <summary>A value in the list of <c>in</c>, whose meaning depends on the type of the column.</summary>
internal readonly record struct ListedLiteral(Token Token, bool IsNegative);
