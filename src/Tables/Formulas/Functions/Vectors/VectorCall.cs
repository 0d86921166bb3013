namespace Wharf.Tables;

/// <summary>A function or method of vectors. What it gives depends on the type of their elements, so that each name is bound by code of its own.</summary>
/// <param name="Name">Its name; a method's begins with a point. Functions of elements that are no numbers have <c>Obj</c> behind their name, as in Deephaven's library.</param>
/// <param name="Bind">Makes a call of it, or gives null when the arguments do not fit.</param>
internal sealed record VectorFunction(string Name, Func<VectorCall, Node?> Bind)
{
    /// <summary>How many arguments stand before the vector.</summary>
    public int VectorAt { get; init; }

    /// <summary>Whether the elements may be given one by one in the place of the vector.</summary>
    public bool TakesElements { get; init; }

    /// <summary>Whether what stands before the elements has their type.</summary>
    public bool IsLeadingOne { get; init; }

    /// <summary>Whether the elements may be of any type.</summary>
    public bool IsOfAnyType { get; init; }
}

/// <summary>A call of a function of vectors.</summary>
/// <param name="Name">The function, without <c>Obj</c> behind it.</param>
/// <param name="Arguments">What it is called with.</param>
/// <param name="VectorAt">Which of them is the vector.</param>
/// <param name="Position">Where it stands in the formula.</param>
/// <param name="Cancellation">Ends a computation that is no longer wanted.</param>
internal sealed record VectorCall(string Name, Node[] Arguments, int VectorAt, int Position, CancellationToken Cancellation)
{
    /// <summary>The vector.</summary>
    public Node<object?> Vector => (Node<object?>)Arguments[VectorAt];

    /// <summary>The type of its elements.</summary>
    public EngineType Component => Vector.Type.Component!;

    private Call Strict => new(Name.TrimStart('.'), Position, NullRule.Propagate, CanFail: true, IsPure: true);

    /// <summary>An argument as a type that it may be widened to.</summary>
    public Node<T>? Argument<T>(int at, EngineType type) =>
        at < Arguments.Length && (Arguments[at].Type.Kind != EngineKind.Null || type.IsReference) ? Conversions.Widen(Arguments[at], type) as Node<T> : null;

    /// <summary>Another vector among the arguments.</summary>
    public Node<object?>? OtherVector(int at) => Arguments[at] is Node<object?> { Type.IsArray: true } vector ? vector : null;

    /// <summary>A call with the vector.</summary>
    public Node Of<T, TResult>(EngineType result, Func<FormulaVector<T>, TResult> body) =>
        new CallNode<object?, TResult>(result, Strict, Vector, vector => body((FormulaVector<T>)vector!));

    /// <summary>A call with the vector and one more value.</summary>
    public Node Of<T, TOther, TResult>(EngineType result, Node<TOther> other, Func<FormulaVector<T>, TOther, TResult> body, NullRule nulls = NullRule.Propagate) =>
        new CallNode<object?, TOther, TResult>(result, Strict with { Nulls = nulls }, Vector, other, (vector, value) => vector is null ? Null<TResult>.Value : body((FormulaVector<T>)vector, value));

    /// <summary>A call with the vector and two more values.</summary>
    public Node Of<T, TA, TB, TResult>(EngineType result, Node<TA> a, Node<TB> b, Func<FormulaVector<T>, TA, TB, TResult> body, NullRule nulls = NullRule.Propagate) =>
        new CallNode<object?, TA, TB, TResult>(
            result, Strict with { Nulls = nulls }, Vector, a, b, (vector, x, y) => vector is null ? Null<TResult>.Value : body((FormulaVector<T>)vector, x, y));

    /// <summary>One row may run through a whole column, so that looking between blocks is not enough.</summary>
    public void Look(long index)
    {
        if ((index & 0xFFFF) == 0)
            Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The elements of a vector in memory of their own.</summary>
    public T[] Elements<T>(FormulaVector<T> vector)
    {
        if (vector.Size > Array.MaxLength)
            throw new FormulaError($"a vector of {vector.Size} elements is too long for this");
        var elements = new T[vector.Size];
        for (long n = 0; n < elements.Length; n++)
        {
            Look(n);
            elements[n] = vector.GetOrNull(n);
        }

        return elements;
    }

    public static bool IsNull<T>(T value) => EqualityComparer<T>.Default.Equals(value, Null<T>.Value);
}
