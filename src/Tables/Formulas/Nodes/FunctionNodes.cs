using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary>How a function handles null arguments.</summary>
internal enum NullRule
{
    /// <summary>The result is null.</summary>
    Propagate,

    /// <summary>The function receives them.</summary>
    Pass,

    /// <summary>The call fails, like a method call on null.</summary>
    Refuse,
}

/// <summary>The base class of calls of library functions.</summary>
internal abstract class FunctionNode<TResult> : Node<TResult>
{
    private readonly Call _call;

    protected FunctionNode(EngineType type, Call call, params ReadOnlySpan<Node> arguments)
        : base(type, arguments)
    {
        _call = call;
        CanFail |= call.CanFail || call.Nulls == NullRule.Refuse;
        IsPure &= call.IsPure;
        IsMadeOfConstants = (arguments.Length == 0 || IsMadeOfConstants) && call.IsPure;
    }

    protected abstract void Compute(in Frame frame, Span<TResult> target);

    public sealed override void Fill(in Frame frame, Span<TResult> target)
    {
        try
        {
            Compute(frame, target);
        }
        catch (FormulaError error) when (error.Position < 0)
        {
            throw new FormulaError($"{_call.Name}: {error.Message}", _call.Position);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new FormulaError($"{_call.Name}: the pattern takes too long to match", _call.Position);
        }
        catch (Exception wrong) when (wrong is OverflowException or ArgumentException or FormatException)
        {
            throw new FormulaError($"{_call.Name}: {wrong.Message}", _call.Position);
        }
    }

    /// <summary>Whether the function receives nulls.</summary>
    protected bool PassesNulls => _call.Nulls == NullRule.Pass;

    /// <summary>Returns the result for a null argument.</summary>
    protected TResult OfNull(TResult nullValue) =>
        _call.Nulls == NullRule.Propagate ? nullValue : throw new FormulaError("called with null; test it with isNull first");

    protected static bool IsNull<T>(T value) => EqualityComparer<T>.Default.Equals(value, Null<T>.Value);
}

/// <summary>A call of a library function.</summary>
/// <param name="Name">The name of the function.</param>
/// <param name="Position">The position in the formula.</param>
/// <param name="Nulls">How the function handles null arguments.</param>
/// <param name="CanFail">Whether the function fails for some values.</param>
/// <param name="IsPure">Whether equal arguments always give equal results.</param>
internal sealed record Call(string Name, int Position, NullRule Nulls, bool CanFail, bool IsPure);

internal sealed class CallNode<TResult>(EngineType type, Call call, Func<TResult> function) : FunctionNode<TResult>(type, call)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Compute(in Frame frame, Span<TResult> target)
    {
        for (int n = 0; n < target.Length; n++)
            target[n] = function();
    }
}

internal sealed class CallNode<TA, TResult>(EngineType type, Call call, Node<TA> a, Func<TA, TResult> function)
    : FunctionNode<TResult>(type, call, a)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Compute(in Frame frame, Span<TResult> target)
    {
        ReadOnlySpan<TA> first = a.Read(frame)[..target.Length];
        if (PassesNulls)
        {
            for (int n = 0; n < target.Length; n++)
                target[n] = function(first[n]);
            return;
        }

        TA nullValue = Null<TA>.Value;
        TResult nullResult = Null<TResult>.Value;
        for (int n = 0; n < target.Length; n++)
            target[n] = EqualityComparer<TA>.Default.Equals(first[n], nullValue) ? OfNull(nullResult) : function(first[n]);
    }
}

/// <summary>
/// A pure function of a string. Columns often have few distinct strings, which then are the same objects, so the last results are cached.
/// </summary>
internal sealed class TextCallNode<TResult>(EngineType type, Call call, Node<string> a, Func<string, TResult> function)
    : FunctionNode<TResult>(type, call, a)
{
    private const int Kept = 64;

    private readonly (string? Text, TResult Result)[] _kept = new (string? Text, TResult Result)[Kept];

    public override void Detach()
    {
        Array.Clear(_kept);
        base.Detach();
    }

    protected override void Compute(in Frame frame, Span<TResult> target)
    {
        ReadOnlySpan<string> texts = a.Read(frame)[..target.Length];
        for (int n = 0; n < target.Length; n++)
        {
            string? text = texts[n];
            if (string.IsNullOrEmpty(text))
            {
                target[n] = text is not null || PassesNulls ? function(text!) : OfNull(Null<TResult>.Value);
                continue;
            }

            ref (string? Text, TResult Result) kept = ref _kept[((text.Length * 31) + (text[0] * 7) + text[^1]) & (Kept - 1)];
            if (!ReferenceEquals(kept.Text, text))
                kept = (text, function(text));
            target[n] = kept.Result;
        }
    }
}

internal sealed class CallNode<TA, TB, TResult>(EngineType type, Call call, Node<TA> a, Node<TB> b, Func<TA, TB, TResult> function)
    : FunctionNode<TResult>(type, call, a, b)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Compute(in Frame frame, Span<TResult> target)
    {
        ReadOnlySpan<TA> first = a.Read(frame)[..target.Length];
        ReadOnlySpan<TB> second = b.Read(frame)[..target.Length];
        if (PassesNulls)
        {
            for (int n = 0; n < target.Length; n++)
                target[n] = function(first[n], second[n]);
            return;
        }

        TA nullA = Null<TA>.Value;
        TB nullB = Null<TB>.Value;
        TResult nullResult = Null<TResult>.Value;
        for (int n = 0; n < target.Length; n++)
        {
            bool isNull = EqualityComparer<TA>.Default.Equals(first[n], nullA) || EqualityComparer<TB>.Default.Equals(second[n], nullB);
            target[n] = isNull ? OfNull(nullResult) : function(first[n], second[n]);
        }
    }
}

internal sealed class CallNode<TA, TB, TC, TResult>(
    EngineType type, Call call, Node<TA> a, Node<TB> b, Node<TC> c, Func<TA, TB, TC, TResult> function)
    : FunctionNode<TResult>(type, call, a, b, c)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Compute(in Frame frame, Span<TResult> target)
    {
        ReadOnlySpan<TA> first = a.Read(frame);
        ReadOnlySpan<TB> second = b.Read(frame);
        ReadOnlySpan<TC> third = c.Read(frame);
        for (int n = 0; n < target.Length; n++)
        {
            bool isNull = !PassesNulls && (IsNull(first[n]) || IsNull(second[n]) || IsNull(third[n]));
            target[n] = isNull ? OfNull(Null<TResult>.Value) : function(first[n], second[n], third[n]);
        }
    }
}
