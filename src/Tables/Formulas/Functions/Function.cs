using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>One signature of a function or method. Formulas can call only the functions of the library.</summary>
/// <param name="Name">The name; that of a method begins with a period, and its first parameter is the target.</param>
/// <param name="Parameters">The types of the parameters.</param>
/// <param name="Result">The type of the result.</param>
/// <param name="Body">Creates a call from arguments that have been converted to the types of the parameters.</param>
internal sealed record Function(
    string Name, EngineType[] Parameters, EngineType Result, Func<Function, Node[], FormulaContext?, int, Node> Body)
{
    /// <summary>How the function handles null arguments.</summary>
    public NullRule Nulls { get; init; }

    /// <summary>Whether the function fails for some values.</summary>
    public bool CanFail { get; init; }

    /// <summary>Whether arguments must have the exact types of the parameters, without widening.</summary>
    public bool IsExact { get; init; }

    /// <summary>Whether equal arguments always give equal results.</summary>
    public bool IsPure { get; init; } = true;

    /// <summary>Whether the result depends on the operation, for example on its time.</summary>
    public bool DependsOnOperation { get; init; }

    /// <summary>Creates a call from arguments that have been converted to the types of the parameters.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="context">The operation; used only by random functions and functions of the current time.</param>
    /// <param name="position">The position of the call in the formula.</param>
    public Node Bind(Node[] arguments, FormulaContext? context, int position)
    {
        context?.Notes?.IsOperationSpecific |= DependsOnOperation;
        return Body(this, arguments, context, position);
    }

    /// <summary>Returns the properties of a call at a position.</summary>
    public Call At(int position) => new(Name.TrimStart('.'), position, Nulls, CanFail, IsPure);

    public static Function Of<TR>(string name, EngineType result, Func<FormulaContext, TR> body, bool isPure = true)
    {
        return new Function(
            name, [], result, (function, _, context, position) =>
            new CallNode<TR>(result, function.At(position), () => body(context!))) { IsPure = isPure, DependsOnOperation = true };
    }

    public static Function Of<TA, TR>(
        string name, EngineType a, EngineType result, Func<TA, TR> body, NullRule nulls = NullRule.Propagate, bool canFail = false)
    {
        return new Function(name, [a], result, (function, arguments, _, position) => typeof(TA) == typeof(string)
            ? new TextCallNode<TR>(result, function.At(position), (Node<string>)arguments[0], (Func<string, TR>)(object)body)
            : new CallNode<TA, TR>(result, function.At(position), (Node<TA>)arguments[0], body))
        {
            Nulls = nulls, CanFail = canFail,
        };
    }

    public static Function Of<TA, TB, TR>(
        string name, EngineType a, EngineType b, EngineType result, Func<TA, TB, TR> body, NullRule nulls = NullRule.Propagate,
        bool canFail = false)
    {
        return new Function(
            name, [a, b], result, (function, arguments, _, position) =>
                new CallNode<TA, TB, TR>(result, function.At(position), (Node<TA>)arguments[0], (Node<TB>)arguments[1], body))
        {
            Nulls = nulls, CanFail = canFail,
        };
    }

    public static Function Of<TA, TB, TC, TR>(
        string name, EngineType a, EngineType b, EngineType c, EngineType result, Func<TA, TB, TC, TR> body,
        NullRule nulls = NullRule.Propagate, bool canFail = false)
    {
        return new Function(
            name,
            [a, b, c],
            result,
            (function, arguments, _, position) =>
                new CallNode<TA, TB, TC, TR>(
                    result, function.At(position), (Node<TA>)arguments[0], (Node<TB>)arguments[1], (Node<TC>)arguments[2], body))
        {
            Nulls = nulls, CanFail = canFail,
        };
    }

    /// <summary>Creates a random function of two numbers.</summary>
    public static Function OfRandom<TA, TB, TR>(string name, EngineType a, EngineType b, EngineType result, Func<Random, TA, TB, TR> body)
    {
        return new Function(
            name,
            [a, b],
            result,
            (function, arguments, context, position) =>
                new CallNode<TA, TB, TR>(
                    result, function.At(position), (Node<TA>)arguments[0], (Node<TB>)arguments[1], (x, y) => body(context!.Random, x, y)))
        {
            IsPure = false, CanFail = true, DependsOnOperation = true,
        };
    }
}
