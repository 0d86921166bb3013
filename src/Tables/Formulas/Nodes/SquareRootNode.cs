using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Nodes;

/// <summary><c>sqrt</c>, computed with vector instructions.</summary>
internal sealed class SquareRootNode(Node<double> operand) : Node<double>(EngineType.Double, operand)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(in Frame frame, Span<double> target)
    {
        ReadOnlySpan<double> values = operand.Read(frame)[..target.Length];
        double nullValue = Null<double>.Value;
        int n = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var nullValues = new Vector<double>(nullValue);
            ref double first = ref MemoryMarshal.GetReference(values), firstTarget = ref MemoryMarshal.GetReference(target);
            for (; n <= target.Length - Vector<double>.Count; n += Vector<double>.Count)
            {
                var x = Vector.LoadUnsafe(ref first, (nuint)n);
                Vector.ConditionalSelect(Vector.Equals(x, nullValues), nullValues, Vector.SquareRoot(x))
                    .StoreUnsafe(ref firstTarget, (nuint)n);
            }
        }

        for (; n < target.Length; n++)
            target[n] = values[n] == nullValue ? nullValue : Math.Sqrt(values[n]);
    }
}
