using System.Numerics;

namespace Wharf.Tables;

/// <summary>Functions and methods of arrays and columns. Nulls in them are passed over.</summary>
internal static class VectorFunctions
{
    /// <summary>What <see cref="TryBind"/> knows.</summary>
    public static readonly string[] Names = [".size", ".isEmpty", "len", ".length", "count", "first", "last", ".get", ".subVector", "sum", "avg", "min", "max"];

    public static Node? TryBind(string name, Node[] arguments, int position, CancellationToken cancellationToken)
    {
        if (arguments.Length == 0 || arguments[0] is not Node<object?> { Type: { Kind: EngineKind.Array, Component: { } component } } vector)
            return null;
        return component.Dispatch(new Binder(name, component, vector, arguments, position, cancellationToken));
    }

    private readonly struct Binder(string name, EngineType component, Node<object?> vector, Node[] arguments, int position, CancellationToken cancellationToken) : IClrDispatch<Node?>
    {
        public Node? Invoke<T>()
        {
            CancellationToken token = cancellationToken;
            var strict = new Call(name.TrimStart('.'), position, NullRule.Propagate, CanFail: true, IsPure: true);
            switch (name, arguments.Length)
            {
                case (".size" or "len", 1):
                    return new CallNode<object?, long>(EngineType.Long, strict, vector, static v => ((FormulaVector<T>)v!).Size);
                case (".isEmpty", 1):
                    return new CallNode<object?, sbyte>(EngineType.Boolean, strict, vector, static v => ((FormulaVector<T>)v!).Size == 0 ? (sbyte)1 : (sbyte)0);
                case (".length", 1):
                    return new CallNode<object?, int>(EngineType.Int, strict, vector, static v => (int)((FormulaVector<T>)v!).Size);
                case ("count", 1):
                    return new CallNode<object?, long>(EngineType.Long, strict, vector, v => Count((FormulaVector<T>)v!, token));
                case ("first", 1):
                    return new CallNode<object?, T>(component, strict, vector, static v => ((FormulaVector<T>)v!).GetOrNull(0));
                case ("last", 1):
                    return new CallNode<object?, T>(component, strict, vector, static v => ((FormulaVector<T>)v!).GetOrNull(((FormulaVector<T>)v!).Size - 1));
                case (".get", 2) when Conversions.Widen(arguments[1], EngineType.Long) is Node<long> index:
                    return new CallNode<object?, long, T>(component, strict, vector, index, static (v, n) => ((FormulaVector<T>)v!).GetOrNull(n));
                case (".subVector", 3) when Conversions.Widen(arguments[1], EngineType.Long) is Node<long> from && Conversions.Widen(arguments[2], EngineType.Long) is Node<long> to:
                    return new CallNode<object?, long, long, object?>(component.VectorOf(), strict, vector, from, to, static (v, start, end) =>
                        checked(end - start) is >= 0 and <= int.MaxValue and var size
                            ? new SubVector<T>((FormulaVector<T>)v!, start, size)
                            : throw new FormulaError($"there is no part from {start} to {end}"));
                default:
                    return component.IsNumeric ? Aggregate<T>(name, strict) : null;
            }
        }

        private Node? Aggregate<T>(string aggregate, Call call) => default(T) switch
        {
            sbyte => Whole<sbyte>(aggregate, call),
            short => Whole<short>(aggregate, call),
            char => Whole<char>(aggregate, call),
            int => Whole<int>(aggregate, call),
            long => Whole<long>(aggregate, call),
            float => Floating<float>(aggregate, call),
            double => Floating<double>(aggregate, call),
            _ => null,
        };

        private Node? Whole<T>(string aggregate, Call call)
            where T : unmanaged, IBinaryInteger<T>
        {
            CancellationToken token = cancellationToken;
            return aggregate switch
            {
                "sum" => new CallNode<object?, long>(EngineType.Long, call, vector, v => SumWhole((FormulaVector<T>)v!, token)),
                "avg" => new CallNode<object?, double>(EngineType.Double, call, vector, v => Average((FormulaVector<T>)v!, token)),
                "min" => new CallNode<object?, T>(component, call, vector, v => Fold((FormulaVector<T>)v!, T.Min, token)),
                "max" => new CallNode<object?, T>(component, call, vector, v => Fold((FormulaVector<T>)v!, T.Max, token)),
                _ => null,
            };
        }

        private Node? Floating<T>(string aggregate, Call call)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            CancellationToken token = cancellationToken;
            return aggregate switch
            {
                "sum" => new CallNode<object?, double>(EngineType.Double, call, vector, v => SumFloating((FormulaVector<T>)v!, token)),
                "avg" => new CallNode<object?, double>(EngineType.Double, call, vector, v => Average((FormulaVector<T>)v!, token)),
                "min" => new CallNode<object?, T>(component, call, vector, v => Fold((FormulaVector<T>)v!, T.Min, token)),
                "max" => new CallNode<object?, T>(component, call, vector, v => Fold((FormulaVector<T>)v!, T.Max, token)),
                _ => null,
            };
        }
    }

    /// <summary>One row may run through a whole column, so that looking between blocks is not enough.</summary>
    private static void Look(long index, CancellationToken cancellationToken)
    {
        if ((index & 0xFFFF) == 0)
            cancellationToken.ThrowIfCancellationRequested();
    }

    private static bool IsNull<T>(T value) => EqualityComparer<T>.Default.Equals(value, Null<T>.Value);

    private static long Count<T>(FormulaVector<T> vector, CancellationToken cancellationToken)
    {
        long count = 0;
        for (long n = 0; n < vector.Size; n++)
        {
            Look(n, cancellationToken);
            count += IsNull(vector.GetOrNull(n)) ? 0 : 1;
        }

        return count;
    }

    private static long SumWhole<T>(FormulaVector<T> vector, CancellationToken cancellationToken)
        where T : IBinaryInteger<T>
    {
        long sum = 0;
        bool any = false;
        for (long n = 0; n < vector.Size; n++)
        {
            Look(n, cancellationToken);
            if (vector.GetOrNull(n) is var value && IsNull(value))
                continue;
            sum = unchecked(sum + long.CreateTruncating(value));
            any = true;
        }

        return any ? sum : Null<long>.Value;
    }

    private static double SumFloating<T>(FormulaVector<T> vector, CancellationToken cancellationToken)
        where T : INumber<T>
    {
        double sum = 0;
        bool any = false;
        for (long n = 0; n < vector.Size; n++)
        {
            Look(n, cancellationToken);
            if (vector.GetOrNull(n) is var value && IsNull(value))
                continue;
            sum += double.CreateTruncating(value);
            any = true;
        }

        return any ? sum : Null<double>.Value;
    }

    private static double Average<T>(FormulaVector<T> vector, CancellationToken cancellationToken)
        where T : INumber<T>
    {
        double sum = SumFloating(vector, cancellationToken);
        return sum == Null<double>.Value ? sum : sum / Count(vector, cancellationToken);
    }

    private static T Fold<T>(FormulaVector<T> vector, Func<T, T, T> better, CancellationToken cancellationToken)
    {
        T result = Null<T>.Value;
        for (long n = 0; n < vector.Size; n++)
        {
            Look(n, cancellationToken);
            if (vector.GetOrNull(n) is var value && !IsNull(value))
                result = IsNull(result) ? value : better(result, value);
        }

        return result;
    }
}
