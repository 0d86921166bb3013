namespace Wharf.Tables;

/// <summary>One signature of a library function or method. Only what is listed can be called: this is the allow-list.</summary>
/// <param name="Name">Its name; a method's begins with a point and its first parameter is the target.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Result">What it gives.</param>
/// <param name="Body">Makes a call of it from arguments that already have the parameters' types.</param>
internal sealed record Function(string Name, EngineType[] Parameters, EngineType Result, Func<Function, Node[], FormulaContext?, int, Node> Body)
{
    /// <summary>What null arguments do.</summary>
    public NullRule Nulls { get; init; }

    /// <summary>Whether some values make it fail.</summary>
    public bool CanFail { get; init; }

    /// <summary>Whether arguments must have the parameters' types and are never widened to them.</summary>
    public bool IsExact { get; init; }

    /// <summary>Whether the same arguments always give the same result.</summary>
    public bool IsPure { get; init; } = true;

    /// <summary>Whether it takes something from the operation that calls it, such as its moment.</summary>
    public bool IsOfOperation { get; init; }

    /// <summary>Makes a call from arguments that already have the parameters' types.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="context">The operation; only functions of chance and of the present moment need it.</param>
    /// <param name="position">Where the call stands in the formula.</param>
    public Node Bind(Node[] arguments, FormulaContext? context, int position)
    {
        context?.Notes?.IsOfOneOperation |= IsOfOperation;
        return Body(this, arguments, context, position);
    }

    /// <summary>What a call of it at a place is.</summary>
    public Call At(int position) => new(Name.TrimStart('.'), position, Nulls, CanFail, IsPure);

    public static Function Of<TR>(string name, EngineType result, Func<FormulaContext, TR> body, bool isPure = true)
    {
        return new Function(name, [], result, (function, _, context, position) => new CallNode<TR>(result, function.At(position), () => body(context!))) { IsPure = isPure, IsOfOperation = true };
    }

    public static Function Of<TA, TR>(string name, EngineType a, EngineType result, Func<TA, TR> body, NullRule nulls = NullRule.Propagate, bool canFail = false)
    {
        return new Function(name, [a], result, (function, arguments, _, position) => typeof(TA) == typeof(string)
            ? new TextCallNode<TR>(result, function.At(position), (Node<string>)arguments[0], (Func<string, TR>)(object)body)
            : new CallNode<TA, TR>(result, function.At(position), (Node<TA>)arguments[0], body))
        {
            Nulls = nulls, CanFail = canFail,
        };
    }

    public static Function Of<TA, TB, TR>(
        string name, EngineType a, EngineType b, EngineType result, Func<TA, TB, TR> body, NullRule nulls = NullRule.Propagate, bool canFail = false)
    {
        return new Function(
            name, [a, b], result, (function, arguments, _, position) => new CallNode<TA, TB, TR>(result, function.At(position), (Node<TA>)arguments[0], (Node<TB>)arguments[1], body))
        {
            Nulls = nulls, CanFail = canFail,
        };
    }

    public static Function Of<TA, TB, TC, TR>(
        string name, EngineType a, EngineType b, EngineType c, EngineType result, Func<TA, TB, TC, TR> body, NullRule nulls = NullRule.Propagate, bool canFail = false)
    {
        return new Function(
            name,
            [a, b, c],
            result,
            (function, arguments, _, position) =>
                new CallNode<TA, TB, TC, TR>(result, function.At(position), (Node<TA>)arguments[0], (Node<TB>)arguments[1], (Node<TC>)arguments[2], body))
        {
            Nulls = nulls, CanFail = canFail,
        };
    }

    /// <summary>A function of two numbers that needs the operation's context, such as its source of chance.</summary>
    public static Function OfChance<TA, TB, TR>(string name, EngineType a, EngineType b, EngineType result, Func<Random, TA, TB, TR> body)
    {
        return new Function(
            name,
            [a, b],
            result,
            (function, arguments, context, position) =>
                new CallNode<TA, TB, TR>(result, function.At(position), (Node<TA>)arguments[0], (Node<TB>)arguments[1], (x, y) => body(context!.Random, x, y)))
        {
            IsPure = false, CanFail = true, IsOfOperation = true,
        };
    }
}
