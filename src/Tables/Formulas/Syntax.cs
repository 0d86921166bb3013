namespace Wharf.Tables;

/// <summary>A formula as it is written, before names and types are known.</summary>
/// <param name="Position">Where it is in the text.</param>
internal abstract record Syntax(int Position)
{
    /// <summary>How many levels are below this one. Everything that walks the tree is recursive, so the parser bounds it.</summary>
    public int Depth { get; init; } = 1;
}

/// <summary>A number, a text, a truth value or <c>null</c>.</summary>
internal sealed record LiteralSyntax(int Position, EngineType Type, object? Value) : Syntax(Position)
{
    /// <summary>Whether it is a text between double quotes.</summary>
    public bool IsDoubleQuoted { get; init; }
}

/// <summary>What stands between single quotes.</summary>
internal sealed record QuotedSyntax(int Position, string Text) : Syntax(Position);

internal sealed record NameSyntax(int Position, string Name) : Syntax(Position);

internal sealed record UnarySyntax(int Position, string Operator, Syntax Operand) : Syntax(Position);

internal sealed record BinarySyntax(int Position, string Operator, Syntax Left, Syntax Right) : Syntax(Position);

internal sealed record ConditionalSyntax(int Position, Syntax Condition, Syntax WhenTrue, Syntax WhenFalse) : Syntax(Position);

internal sealed record CastSyntax(int Position, EngineType Type, Syntax Operand) : Syntax(Position)
{
    /// <summary>Whether the type is written as Java's class, which converts nothing but may be null.</summary>
    public bool IsBoxed { get; init; }
}

/// <summary>A function, or with a target a method.</summary>
internal sealed record CallSyntax(int Position, Syntax? Target, string Name, IReadOnlyList<Syntax> Arguments) : Syntax(Position);

internal sealed record IndexSyntax(int Position, Syntax Target, Syntax Index) : Syntax(Position);

/// <summary><c>target.name</c> without a call.</summary>
internal sealed record MemberSyntax(int Position, Syntax Target, string Name) : Syntax(Position);

/// <summary><c>new T[size]</c>.</summary>
internal sealed record NewArraySyntax(int Position, EngineType Type, Syntax Size) : Syntax(Position);

/// <summary>The elements between braces of <c>new T[]{...}</c>.</summary>
internal sealed record ArrayElementsSyntax(int Position, EngineType Type, IReadOnlyList<Syntax> Elements) : Syntax(Position);

/// <summary><c>new Integer(3)</c>: a boxed number, which is the number.</summary>
internal sealed record NewBoxSyntax(int Position, EngineType Type, Syntax Value) : Syntax(Position);

/// <summary><c>Name = expression</c>, or a bare name.</summary>
/// <param name="Name">The column that it makes.</param>
/// <param name="Expression">What is computed.</param>
internal sealed record SelectableSyntax(string Name, Syntax Expression);
