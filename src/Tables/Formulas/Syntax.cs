using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>A parsed formula, before names and types are resolved. Equality ignores the position.</summary>
/// <param name="Position">The position in the text.</param>
internal abstract record Syntax(int Position)
{
    /// <summary>The depth of the tree. Tree walks are recursive, so the parser limits it.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>The operands.</summary>
    public virtual IReadOnlyList<Syntax> Inner => [];

    /// <inheritdoc/>
    public virtual bool Equals(Syntax? other) => other is not null && EqualityContract == other.EqualityContract && Depth == other.Depth;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, Depth);
}

/// <summary>A number, a string, a Boolean or <c>null</c>.</summary>
internal sealed record LiteralSyntax(int Position, EngineType Type, object? Value) : Syntax(Position)
{
    /// <summary>Whether it is a string in double quotes.</summary>
    public bool IsDoubleQuoted { get; init; }
}

/// <summary>A literal in single quotes.</summary>
internal sealed record QuotedSyntax(int Position, string Text) : Syntax(Position);

internal sealed record NameSyntax(int Position, string Name) : Syntax(Position);

internal sealed record UnarySyntax(int Position, string Operator, Syntax Operand) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => [Operand];
}

internal sealed record BinarySyntax(int Position, string Operator, Syntax Left, Syntax Right) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => [Left, Right];
}

internal sealed record ConditionalSyntax(int Position, Syntax Condition, Syntax WhenTrue, Syntax WhenFalse) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => [Condition, WhenTrue, WhenFalse];
}

internal sealed record CastSyntax(int Position, EngineType Type, Syntax Operand) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => [Operand];

    /// <summary>Whether the type is written as a class of Java, which allows null but converts nothing.</summary>
    public bool IsBoxed { get; init; }
}

/// <summary>A function call or, with a target, a method call.</summary>
internal sealed record CallSyntax(int Position, Syntax? Target, string Name, IReadOnlyList<Syntax> Arguments) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => Target is null ? Arguments : [Target, .. Arguments];

    public bool Equals(CallSyntax? other) =>
        base.Equals(other) && Name == other.Name && Equals(Target, other.Target) && Arguments.SequenceEqual(other.Arguments);

    public override int GetHashCode() => Inner.Aggregate(HashCode.Combine(base.GetHashCode(), Name), HashCode.Combine);
}

internal sealed record IndexSyntax(int Position, Syntax Target, Syntax Index) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => [Target, Index];
}

/// <summary><c>target.name</c> without a call.</summary>
internal sealed record MemberSyntax(int Position, Syntax Target, string Name) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => [Target];
}

/// <summary><c>new T[size]</c>.</summary>
internal sealed record NewArraySyntax(int Position, EngineType Type, Syntax Size) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => [Size];
}

/// <summary>The initializer of <c>new T[]{...}</c>.</summary>
internal sealed record ArrayElementsSyntax(int Position, EngineType Type, IReadOnlyList<Syntax> Elements) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => Elements;

    public bool Equals(ArrayElementsSyntax? other) => base.Equals(other) && Type == other.Type && Elements.SequenceEqual(other.Elements);

    public override int GetHashCode() => Elements.Aggregate(HashCode.Combine(base.GetHashCode(), Type), HashCode.Combine);
}

/// <summary><c>new Integer(3)</c>: a boxed number, which is treated as the number.</summary>
internal sealed record NewBoxSyntax(int Position, EngineType Type, Syntax Value) : Syntax(Position)
{
    public override IReadOnlyList<Syntax> Inner => [Value];
}

/// <summary><c>Name = expression</c>, or a name.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Expression">The expression.</param>
internal sealed record SelectableSyntax(string Name, Syntax Expression)
{
    /// <summary>The subexpressions that occur more than once.</summary>
    public IReadOnlySet<Syntax> Repeated { get; } = CommonSubexpressions.Of(Expression);

    public void Deconstruct(out string name, out Syntax expression, out IReadOnlySet<Syntax> repeated) =>
        (name, expression, repeated) = (Name, Expression, Repeated);
}
