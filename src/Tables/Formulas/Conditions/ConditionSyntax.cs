namespace Wharf.Tables;

/// <summary>A condition as it is written.</summary>
internal abstract record ConditionSyntax;

/// <summary>An expression whose value is true or false.</summary>
internal sealed record ExpressionCondition(Syntax Expression) : ConditionSyntax
{
    /// <summary>What the expression has more than once.</summary>
    public IReadOnlySet<Syntax> Repeated { get; } = RepeatedParts.Of(Expression);

    /// <summary>Whether it is a column, a comparison and a plain literal, and nothing more: those have an order of their own.</summary>
    public bool IsOfOneColumn { get; init; }

    /// <summary>The digits of the number of such a condition, if it has no suffix; otherwise null.</summary>
    public string? PlainNumber { get; init; }
}

/// <summary><c>Column [icase] [not] in value, ..</c></summary>
internal sealed record InConditionSyntax(int Position, string Column, IReadOnlyList<ListedLiteral> Values, bool IgnoreCase, bool IsInverted) : ConditionSyntax;

/// <summary><c>Column [icase] [not] includes [any|all] text, ..</c></summary>
internal sealed record IncludesCondition(int Position, string Column, IReadOnlyList<string> Texts, bool IgnoreCase, bool IsInverted, bool All) : ConditionSyntax;

/// <summary>A value in the list of an <c>in</c>; what it means depends on the column's type.</summary>
internal readonly record struct ListedLiteral(Token Token, bool IsNegative);
