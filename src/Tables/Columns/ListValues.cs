using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Formulas;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Reads lists of every Arrow layout as vectors.</summary>
internal static class ListValues
{
    private delegate (int Start, int Length) Layout(ArrayData lists, int row);

    /// <summary>Finds the getter that reads a list as a vector.</summary>
    /// <param name="component">The type of the elements.</param>
    /// <param name="arrowType">The Arrow type of the lists.</param>
    /// <returns>The getter, or null if the column does not store lists.</returns>
    /// <exception cref="FormulaError">The elements cannot be read.</exception>
    public static Delegate? Find(EngineType component, IArrowType arrowType)
    {
        Layout? layout = arrowType switch
        {
            ListType => static (lists, row) => Between<int>(lists, row),
            LargeListType => static (lists, row) => Between<long>(lists, row),
            ListViewType => static (lists, row) => (Value<int>(lists, 1, row), Value<int>(lists, 2, row)),
            LargeListViewType => static (lists, row) =>
                (checked((int)Value<long>(lists, 1, row)), checked((int)Value<long>(lists, 2, row))),
            FixedSizeListType { ListSize: var size } => (lists, row) => (checked((lists.Offset + row) * size), size),
            _ => null,
        };
        return layout is null ? null : component.Dispatch(new Getter(component, ((NestedType)arrowType).Fields[0].DataType, layout));
    }

    private static (int Start, int Length) Between<T>(ArrayData lists, int row)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        int start = int.CreateChecked(Value<T>(lists, 1, row));
        return (start, int.CreateChecked(Value<T>(lists, 1, row + 1)) - start);
    }

    private static T Value<T>(ArrayData data, int buffer, int row)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(data.Buffers[buffer].Span)[data.Offset + row];

    private readonly struct Getter(EngineType component, IArrowType stored, Layout layout) : IClrDispatch<Delegate>
    {
        public Delegate Invoke<T>()
        {
            (EngineType element, Layout place) = (component, layout);

            // Fail when the formula is bound, not at the first row, if the elements cannot be read.
            _ = ColumnReader<T>.For(new ChunkedColumn(element, stored, (IArrowArray[])[]));
            IArrowArray? lists = null, elements = null;
            ColumnReader<T>? reader = null;
            return (Func<IArrowArray, int, object?>)((array, row) =>
            {
                if (!ReferenceEquals(array, lists))
                {
                    elements = ArrowArrayFactory.BuildArray(array.Data.Children[0]);
                    reader = ColumnReader<T>.For(new ChunkedColumn(element, elements.Data.DataType, [elements]));
                    lists = array;
                }

                (int start, int length) = place(array.Data, row);
                var values = new T[length];
                for (int n = 0; n < length; n++)
                    values[n] = elements!.IsNull(start + n) ? Null<T>.Value : reader!.Get(start + n);
                return new ArrayVector<T>(values);
            });
        }
    }
}
