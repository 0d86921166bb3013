using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Functions;
using Wharf.Tables.Formulas.Functions.Vectors;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Operations;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>
/// Resolves the names and operators of a formula to columns, types and functions. The result is a tree of nodes that can be computed.
/// </summary>
internal sealed class Binder(FormulaContext context, IReadOnlySet<Syntax>? repeated, EarlierFormulas? earlier)
{
    private Dictionary<Syntax, (ISharedPart Part, int Position)>? _shared;

    /// <summary>Binds a whole expression.</summary>
    /// <param name="syntax">The expression.</param>
    /// <param name="context">The context in which names are resolved.</param>
    /// <param name="repeated">The subexpressions that occur several times, which are computed once.</param>
    /// <param name="earlier">The columns that earlier formulas of the operation have computed.</param>
    public static Node Bind(
        Syntax syntax, FormulaContext context, IReadOnlySet<Syntax>? repeated = null, EarlierFormulas? earlier = null) =>
        new Binder(context, repeated is { Count: > 0 } ? repeated : null, earlier is { Any: true } ? earlier : null).Bind(syntax);

    private Node Bind(Syntax syntax)
    {
        if (earlier?.Find(syntax) is { } computed)
        {
            context.Notes?.IsOperationSpecific = true;
            return computed.Type.Dispatch(new OfColumn("", computed));
        }

        if (repeated is null || !repeated.Contains(syntax))
            return BindCore(syntax);
        _shared ??= [];
        if (!_shared.TryGetValue(syntax, out (ISharedPart Part, int Position) known))
        {
            Node node = BindCore(syntax);
            if (node.IsConstant || !node.IsPure || node is IColumnNode)
                return node;
            _shared[syntax] = known = (node.Type.Dispatch(new OfShared(node)), syntax.Position);
        }

        return known.Part.At(syntax.Position - known.Position);
    }

    private readonly struct OfShared(Node node) : IClrDispatch<ISharedPart>
    {
        public ISharedPart Invoke<T>() => new SharedPart<T>((Node<T>)node);
    }

    private Node BindCore(Syntax syntax) => syntax switch
    {
        LiteralSyntax literal => Literal(literal),
        QuotedSyntax quoted => BindQuoted(quoted),
        NameSyntax name => Name(name),
        UnarySyntax unary => Unary(unary),
        BinarySyntax binary => OperatorBinder.Bind(binary.Operator, Bind(binary.Left), Bind(binary.Right), binary.Position),
        ConditionalSyntax conditional => Conditional(conditional),
        CastSyntax cast => Cast(cast),
        CallSyntax call => Call(call),
        IndexSyntax index => Index(index),
        MemberSyntax { Name: "length" } member when Bind(member.Target) is { Type: { IsArray: true, IsVector: false } } array =>
            BindCall(".length", [array], context, member.Position),
        MemberSyntax member => throw new FormulaError($"the field {member.Name} cannot be used", member.Position),
        NewArraySyntax array => NewArray(array),
        ArrayElementsSyntax array => Elements(array),
        NewBoxSyntax box => Conversions.Widen(Bind(box.Value), box.Type)
            ?? throw new FormulaError($"{box.Type.ClassName} cannot be created from this value", box.Position),
        _ => throw new InvalidOperationException(syntax.GetType().Name),
    };

    private static Node Literal(LiteralSyntax literal) => literal.Type.IsBig
        ? throw new FormulaError("this is not a number that fits into 64 bits", literal.Position)
        : literal.Type.Dispatch(new Constant(literal.Type, literal.Value));

    private readonly struct Constant(EngineType type, object? value) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new ConstantNode<T>(type, value is null ? Null<T>.Value : (T)value);
    }

    private static Node BindQuoted(QuotedSyntax quoted)
    {
        string text = quoted.Text;
        if (text.Length == 1)
            return new ConstantNode<char>(EngineType.Char, text[0]);
        if (IsoTime.ReadLocalDate(text) is { } date)
            return new ConstantNode<long>(EngineType.LocalDate, date);
        if (IsoTime.ReadLocalTime(text) is { } time)
            return new ConstantNode<long>(EngineType.LocalTime, time);
        if (ReadingFunctions.ReadInstant(text) is { } moment)
            return new ConstantNode<long>(EngineType.Instant, moment);
        if (IsoTime.ParsePeriod(text) is { } period)
            return new ConstantNode<object?>(EngineType.Period, period);
        if (IsoTime.ParseDuration(text) is { } duration)
            return new ConstantNode<long>(EngineType.Duration, duration);
        if (TimeZones.TryFind(text) is { } zone)
            return new ConstantNode<object?>(EngineType.TimeZone, zone);
        throw new FormulaError($"'{text}' is neither a character nor a date, time, duration or time zone", quoted.Position);
    }

    private Node Name(NameSyntax syntax)
    {
        string name = syntax.Name;
        if (context.FindColumn(name) is { } column)
            return column.Type.Dispatch(new OfColumn(name, column));
        switch (name)
        {
            case "i": return new IntRowNode();
            case "ii" or "k": return new LongRowNode();
        }

        if (context.FindParameter(name) is { } parameter)
            return Parameter(parameter);
        if (FormulaConstants.Find(name) is { } constant)
            return constant;
        if (name.Length > 1 && name[^1] == '_' && context.FindColumn(name[..^1]) is { } whole)
        {
            context.Notes?.IsOperationSpecific = true;
            return whole.Type.Dispatch(new WholeColumn(whole));
        }

        throw context.Unknown("column, parameter or constant", name, syntax.Position, FormulaConstants.Names);
    }

    /// <summary>Returns the constant of a parameter.</summary>
    public static Node Parameter(FormulaParameter parameter) => parameter switch
    {
        TextParameter { Value: var text } => new ConstantNode<string?>(EngineType.String, text),
        IntParameter { Value: var number } => new ConstantNode<int>(EngineType.Int, number),
        LongParameter { Value: var number } => new ConstantNode<long>(EngineType.Long, number),
        DoubleParameter { Value: var number } => new ConstantNode<double>(EngineType.Double, number),
        BooleanParameter { Value: var truth } => new ConstantNode<sbyte>(EngineType.Boolean, truth ? (sbyte)1 : (sbyte)0),
        InstantParameter { EpochNanos: var nanos } => new ConstantNode<long>(EngineType.Instant, nanos),
        _ => throw new InvalidOperationException(parameter.GetType().Name),
    };

    private readonly struct OfColumn(string name, Column column) : IClrDispatch<Node>
    {
        public Node Invoke<T>() =>
            column is ConstantColumn<T> constant ? new ConstantNode<T>(column.Type, constant.Value) : new ColumnNode<T>(name, column);
    }

    private readonly struct WholeColumn(Column column) : IClrDispatch<Node>
    {
        public Node Invoke<T>() =>
            new ConstantNode<object?>(column.Type.VectorOf(), new ColumnVector<T>(ColumnReader<T>.For(column), column.Length));
    }

    private Node Unary(UnarySyntax unary)
    {
        Node operand = Bind(unary.Operand);
        if (unary.Operator == "!")
        {
            return operand is Node<sbyte> { Type.Kind: EngineKind.Boolean } truth
                ? new NotNode(truth).Fold()
                : throw new FormulaError($"! needs a condition, not {operand.Type.ClassName}", unary.Position);
        }

        return OperatorBinder.Negate(operand, unary.Position);
    }

    private Node Conditional(ConditionalSyntax syntax)
    {
        if (Bind(syntax.Condition) is not Node<sbyte> { Type.Kind: EngineKind.Boolean } condition)
            throw new FormulaError("the operand before ? must be a condition", syntax.Position);
        Node whenTrue = Bind(syntax.WhenTrue), whenFalse = Bind(syntax.WhenFalse);
        EngineType type = Unify(whenTrue.Type, whenFalse.Type)
            ?? throw new FormulaError(
                $"the branches have the types {whenTrue.Type.ClassName} and {whenFalse.Type.ClassName}, which have no common type",
                syntax.Position);
        return type.Dispatch(
            new OfBranches(
                type, condition, Conversions.WidenBranch(whenTrue, type), Conversions.WidenBranch(whenFalse, type), syntax.Position))
                .Fold();
    }

    private readonly struct OfBranches(EngineType type, Node<sbyte> condition, Node whenTrue, Node whenFalse, int position)
        : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new ConditionalNode<T>(type, condition, (Node<T>)whenTrue, (Node<T>)whenFalse, position);
    }

    /// <summary>
    /// Returns the common type of two branches: the other type for a null, the wider type for numbers. Types narrower than int have no
    /// common type.
    /// </summary>
    private static EngineType? Unify(EngineType a, EngineType b)
    {
        if (a == b)
            return a;
        if (a.Kind == EngineKind.Null)
            return b;
        if (b.Kind == EngineKind.Null)
            return a;
        if (!a.IsNumeric || !b.IsNumeric)
            return null;
        EngineType wider = a.Kind > b.Kind ? a : b;
        return wider.Kind >= EngineKind.Int ? wider : null;
    }

    private Node Cast(CastSyntax cast)
    {
        Node operand = Bind(cast.Operand);
        if (cast.IsBoxed && (operand.Type == cast.Type || operand.Type.Kind == EngineKind.Null))
            return Conversions.Widen(operand, cast.Type)!;
        if (cast.IsBoxed && operand.Type.IsNumeric)
            throw new FormulaError(
                $"{operand.Type.ClassName} cannot be cast to the class {cast.Type.ClassName}; use the type's own name", cast.Position);
        return Conversions.Cast(operand, cast.Type, cast.Position)
            ?? throw new FormulaError($"{operand.Type.ClassName} cannot be cast to {cast.Type.ClassName}", cast.Position);
    }

    private Node Call(CallSyntax call)
    {
        if (call.Target is NameSyntax { Name: "String" } && call.Name == "valueOf" && call.Arguments.Count == 1
            && context.FindColumn("String") is null)
            return ValueOf(Bind(call.Arguments[0]), call.Position);

        string name = call.Target is null ? call.Name : "." + call.Name;
        if (name == ".length" && call.Target is { } array && Bind(array).Type.IsArray)
            throw new FormulaError("the length of an array is a field, not a method; a vector has a size()", call.Position);
        return BindCall(
            name, [.. call.Target is null ? [] : (Node[])[Bind(call.Target)], .. call.Arguments.Select(Bind)], context, call.Position);
    }

    private static Node ValueOf(Node value, int position)
    {
        var call = new Call("valueOf", position, NullRule.Pass, CanFail: false, IsPure: true);
        return value switch
        {
            { Type.Kind: EngineKind.Null } => throw new FormulaError("valueOf is not defined for the null literal", position),
            Node<string?> text => new CallNode<string?, string?>(EngineType.String, call, text, static text => text ?? "null"),
            Node<sbyte> { Type.Kind: EngineKind.Boolean } truth => Conversions.ToText(new NotNullBooleanNode(truth, position).Fold()),
            Node<object?> { Type: { IsVector: false, Component.Kind: EngineKind.Char } } characters =>
                new CallNode<object?, string?>(
                    EngineType.String, call with { Nulls = NullRule.Refuse }, characters,
                    static array => new string(((ArrayVector<char>)array!).Values)),
            _ => Conversions.ToText(value),
        };
    }

    /// <summary>
    /// Binds a call of a function, or of a method: the name of a method begins with a period, and the first argument is the target.
    /// </summary>
    public static Node BindCall(string name, Node[] arguments, FormulaContext context, int position = -1)
    {
        if (SpecialFunction(name, arguments, position) is { } special)
            return special;
        if (VectorFunctions.TryBind(name, arguments, position, context.CancellationToken) is { } ofVector)
        {
            context.Notes?.IsOperationSpecific = true;
            return ofVector.Fold();
        }


        EngineType[] types = [.. arguments.Select(static argument => argument.Type)];
        if (FunctionLibrary.Find(name, types) is not { } function)
        {
            context.Notes?.IsOperationSpecific = true;
            return VectorFunctions.TryBindElements(name, arguments, position, context.CancellationToken)?.Fold()
                ?? throw FunctionLibrary.NoOverload(name, types, position);
        }

        for (int n = 0; n < arguments.Length; n++)
            arguments[n] = Conversions.Widen(arguments[n], function.Parameters[n])!;
        return function.Bind(arguments, context, position).Fold();
    }

    /// <summary>Binds functions that accept any type.</summary>
    private static Node? SpecialFunction(string name, Node[] arguments, int position)
    {
        switch (name, arguments.Length)
        {
            case (_, 1) when arguments[0].Type.Kind == EngineKind.Null && ConversionFunctions.CastType(name) is { } type:
                return Conversions.Widen(arguments[0], type);
            case ("compare", 2) when arguments.Any(static argument => argument.Type.IsNumeric)
                && arguments.FirstOrDefault(static argument => argument.Type.Kind == EngineKind.Null) is not null:
                EngineType number = arguments.First(static argument => argument.Type.IsNumeric).Type;
                Node[] numbers = [.. arguments.Select(argument => Conversions.Widen(argument, number)!)];
                return FunctionLibrary.Find(name, [number, number])!.Bind(numbers, null, position);
            case ("isNull", 1): return OperatorBinder.IsNull(arguments[0], whenNull: true);
            case ("in" or "inObj", 2) when arguments[1] is Node<object?> { Type: { IsArray: true, Component: { } component } }:
                return component.IsNumeric == (name == "in") ? BindContains(arguments, position) : null;
            case ("inObj", > 1) when arguments[0].Type.IsBig
                && arguments.All(static argument => argument.Type.Kind != EngineKind.Null && !argument.Type.IsArray):
                return arguments.Skip(1).Select(other => BigOperators.BindEquals(arguments[0], other))
                    .Aggregate((a, b) => OperatorBinder.Bind("||", a, b, position));
            case ("in", > 1) when arguments.All(static argument => argument.Type.IsNumeric):
            case ("inObj", > 1) when arguments.All(
                static argument => argument.Type is { IsReference: true, Kind: not (EngineKind.Null or EngineKind.Array) }):
                Node any = OperatorBinder.Bind("==", arguments[0], arguments[1], position);
                foreach (Node other in arguments.Skip(2))
                    any = OperatorBinder.Bind("||", any, OperatorBinder.Bind("==", arguments[0], other, position), position);
                return any;
            default: return OperatorFunctions.TryBind(name, arguments, position);
        }
    }

    /// <summary>Tests whether a value is an element of a vector.</summary>
    private static Node? BindContains(Node[] arguments, int position) =>
        VectorFunctions.TryBind(
            arguments[1].Type.Component!.IsNumeric ? "firstIndexOf" : "firstIndexOfObj", arguments, position,
            CancellationToken.None) is { } index
            ? OperatorBinder.IsNull(index, whenNull: false)
            : null;

    private Node Index(IndexSyntax syntax)
    {
        if (Bind(syntax.Target) is not Node<object?> { Type: { IsArray: true, Component: { } component } } vector)
            throw new FormulaError("only an array or a whole column (its name followed by _) has elements", syntax.Position);
        if (Bind(syntax.Index) is not { Type.IsIntegral: true } at || Conversions.Widen(at, EngineType.Long) is not Node<long> index)
            throw new FormulaError("the index of an element must be an integer", syntax.Position);
        return component.Dispatch(new OfElement(component, vector, index, syntax.Position)).Fold();
    }

    private readonly struct OfElement(EngineType component, Node<object?> vector, Node<long> index, int position) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new IndexNode<T>(component, vector, index, position);
    }

    private Node NewArray(NewArraySyntax syntax)
    {
        if (Conversions.Widen(Bind(syntax.Size), EngineType.Int) is not Node<int> size)
            throw new FormulaError("the size of an array must be an int", syntax.Position);
        return syntax.Type.Component!.Dispatch(new OfSize(syntax.Type, size, syntax.Position)).Fold();
    }

    private readonly struct OfSize(EngineType type, Node<int> size, int position) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new NewArrayNode<T>(type, size, position);
    }

    private Node Elements(ArrayElementsSyntax syntax)
    {
        EngineType component = syntax.Type.Component!;
        Node[] elements = [.. syntax.Elements.Select(element =>
            Element(Bind(element), component)
                ?? throw new FormulaError($"the value cannot be converted to an element of {syntax.Type.ClassName}", element.Position))];
        if (elements.Length == 0)
            throw new FormulaError("an array needs an element", syntax.Position);
        return component.Dispatch(new OfElements(syntax.Type, elements)).Fold();
    }

    private readonly struct OfElements(EngineType type, Node[] elements) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new ArrayNode<T>(type, [.. elements.Cast<Node<T>>()]);
    }

    /// <summary>Widens an element of an array initializer like a branch: the conversions of Java would not preserve null.</summary>
    private static Node? Element(Node element, EngineType component)
    {
        // A constant within the range of the narrower type needs no cast.
        bool fits = element is ConstantNode<int> { Value: var value } && component.Kind switch
        {
            EngineKind.Byte => value is >= sbyte.MinValue and <= sbyte.MaxValue,
            EngineKind.Short => value is >= short.MinValue and <= short.MaxValue,
            EngineKind.Char => value is >= char.MinValue and <= char.MaxValue,
            _ => false,
        };
        return fits || Conversions.Widen(element, component) is not null ? Conversions.WidenBranch(element, component) : null;
    }
}
