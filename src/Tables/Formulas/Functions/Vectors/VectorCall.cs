using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions.Vectors;

/// <summary>
/// A function or method of vectors. The type of the result depends on the type of the elements, so each name has its own binding.
/// </summary>
/// <param name="Name">
/// The name; that of a method begins with a period. Functions of elements that are not numbers end with <c>Obj</c>, as in Deephaven's
/// library.
/// </param>
/// <param name="Bind">Creates a call, or returns null if the arguments do not match.</param>
internal sealed record VectorFunction(string Name, Func<VectorCall, Node?> Bind)
{
    /// <summary>The number of arguments before the vector.</summary>
    public int VectorAt { get; init; }

    /// <summary>Whether the elements can be passed one by one instead of as a vector.</summary>
    public bool TakesElements { get; init; }

    /// <summary>Whether the argument before the elements has their type.</summary>
    public bool IsLeadingOne { get; init; }

    /// <summary>Whether the elements can have any type.</summary>
    public bool IsOfAnyType { get; init; }
}

/// <summary>A call of a vector function.</summary>
/// <param name="Name">The function, without the suffix <c>Obj</c>.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="VectorAt">The index of the vector among the arguments.</param>
/// <param name="Position">The position in the formula.</param>
/// <param name="Cancellation">The token to monitor for cancellation requests.</param>
internal sealed record VectorCall(string Name, Node[] Arguments, int VectorAt, int Position, CancellationToken Cancellation)
{
    /// <summary>The vector.</summary>
    public Node<object?> Vector => (Node<object?>)Arguments[VectorAt];

    /// <summary>The type of its elements.</summary>
    public EngineType Component => Vector.Type.Component!;

    private Call Strict => new(Name.TrimStart('.'), Position, NullRule.Propagate, CanFail: true, IsPure: true);

    /// <summary>Returns an argument, widened to a type.</summary>
    public Node<T>? Argument<T>(int at, EngineType type) =>
        at < Arguments.Length && (Arguments[at].Type.Kind != EngineKind.Null || type.IsReference)
            ? Conversions.Widen(Arguments[at], type) as Node<T>
            : null;

    /// <summary>Returns another vector among the arguments.</summary>
    public Node<object?>? OtherVector(int at) => Arguments[at] is Node<object?> { Type.IsArray: true } vector ? vector : null;

    /// <summary>Creates a call with the vector.</summary>
    public Node Of<T, TResult>(EngineType result, Func<FormulaVector<T>, TResult> body) =>
        new CallNode<object?, TResult>(result, Strict, Vector, vector => body((FormulaVector<T>)vector!));

    /// <summary>Creates a call with the vector and one more value.</summary>
    public Node Of<T, TOther, TResult>(
        EngineType result, Node<TOther> other, Func<FormulaVector<T>, TOther, TResult> body, NullRule nulls = NullRule.Propagate) =>
        new CallNode<object?, TOther, TResult>(
            result, Strict with { Nulls = nulls }, Vector, other,
            (vector, value) => vector is null ? Null<TResult>.Value : body((FormulaVector<T>)vector, value));

    /// <summary>Creates a call with the vector and two more values.</summary>
    public Node Of<T, TA, TB, TResult>(
        EngineType result, Node<TA> a, Node<TB> b, Func<FormulaVector<T>, TA, TB, TResult> body, NullRule nulls = NullRule.Propagate) =>
        new CallNode<object?, TA, TB, TResult>(
            result, Strict with { Nulls = nulls }, Vector, a, b,
            (vector, x, y) => vector is null ? Null<TResult>.Value : body((FormulaVector<T>)vector, x, y));

    /// <summary>Checks for cancellation. One row may process a whole column, so the check between blocks is not sufficient.</summary>
    public void ThrowIfCancelled(long index)
    {
        if ((index & 0xFFFF) == 0)
            Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Copies the elements of a vector to a new array.</summary>
    public T[] Elements<T>(FormulaVector<T> vector)
    {
        if (vector.Size > Array.MaxLength)
            throw new FormulaError($"a vector of {vector.Size} elements is too long for this function");
        var elements = new T[vector.Size];
        for (long n = 0; n < elements.Length; n++)
        {
            ThrowIfCancelled(n);
            elements[n] = vector.GetOrNull(n);
        }

        return elements;
    }

    public static bool IsNull<T>(T value) => EqualityComparer<T>.Default.Equals(value, Null<T>.Value);
}
