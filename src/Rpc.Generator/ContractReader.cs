using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wharf.Rpc.Generator;

internal enum ValueKind
{
    Nothing,
    Json,
    Reference,
    Contract,
    ReferenceList,
    ContractList,
}

/// <summary>A parameter or a result.</summary>
internal sealed class Value(ITypeSymbol type, ValueKind kind)
{
    public ITypeSymbol Type { get; } = type;

    /// <summary>The element type of a list; otherwise the type itself.</summary>
    public ITypeSymbol Element => Kind is ValueKind.ReferenceList or ValueKind.ContractList ? ((INamedTypeSymbol)Type).TypeArguments[0] : Type;

    public ValueKind Kind { get; } = kind;
}

/// <summary>A method and its name on the wire.</summary>
internal sealed class Method(IMethodSymbol symbol, string name, Value result, bool isPush, bool isValueTask)
{
    public IMethodSymbol Symbol { get; } = symbol;

    public string Name { get; } = name;

    public Value Result { get; } = result;

    public bool IsPush { get; } = isPush;

    public bool IsValueTask { get; } = isValueTask;

    public List<(IParameterSymbol Symbol, string Name, Value? Value)> Parameters { get; } = [];
}

/// <summary>Reads the methods of an interface, and reports the problems of its contract.</summary>
internal sealed class ContractReader
{
    // The types of PlainTypes in Wharf.Rpc.
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "string", "bool", "byte", "short", "int", "long", "float", "double", "decimal", "System.Guid", "System.DateTime", "System.DateTimeOffset", "System.TimeSpan",
        "bool?", "int?", "long?", "double?", "System.DateTimeOffset?", "byte[]", "string[]", "int[]", "long[]", "double[]",
        "System.Collections.Generic.IReadOnlyList<string>", "System.Collections.Generic.IReadOnlyList<int>", "System.Collections.Generic.IReadOnlyList<long>",
        "System.Collections.Generic.IReadOnlyList<double>", "System.Collections.Generic.List<string>", "System.Collections.Generic.Dictionary<string, string>",
        "System.Text.Json.JsonElement",
    };

    private readonly INamedTypeSymbol _contract;
    private readonly HashSet<string> _written;

    public ContractReader(INamedTypeSymbol contract, AttributeData attribute)
    {
        _contract = contract;
        TypeName = attribute.ConstructorArguments.Length > 0 ? attribute.ConstructorArguments[0].Value as string ?? "" : "";
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == "Aliases" && !argument.Value.IsNull)
                Aliases = argument.Value.Values.Select(value => value.Value as string ?? "").ToArray();
            if (argument.Key == "IsConcurrent")
                IsConcurrent = argument.Value.Value is true;
            if (argument.Key == "JsonContext")
                JsonContext = argument.Value.Value as INamedTypeSymbol;
        }
        _written = new(
            JsonContext?.GetAttributes().Where(data => data.AttributeClass?.Name == "JsonSerializableAttribute" && data.ConstructorArguments.Length > 0)
                .Select(data => Display(data.ConstructorArguments[0].Value as ITypeSymbol)) ?? [],
            StringComparer.Ordinal);
    }

    public string TypeName { get; }

    public string[] Aliases { get; } = [];

    public bool IsConcurrent { get; }

    public INamedTypeSymbol? JsonContext { get; }

    public List<Diagnostic> Problems { get; } = [];

    public List<Method> Read()
    {
        var isPartial = _contract.DeclaringSyntaxReferences.Any(
            part => part.GetSyntax() is InterfaceDeclarationSyntax declared && declared.Modifiers.Any(modifier => modifier.Text == "partial"));
        if (!isPartial || _contract.IsGenericType || _contract.ContainingType is not null)
            Report(Problem.Shape, _contract, _contract.Name);
        List<Method> methods = [];
        foreach (var member in _contract.AllInterfaces.Where(other => other.ToDisplayString() != "System.IAsyncDisposable").Reverse().Append(_contract).SelectMany(type => type.GetMembers()))
        {
            if (member is INamedTypeSymbol || member.IsStatic)
                continue;
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsGenericMethod: false } method && method.Parameters.All(parameter => parameter.RefKind == RefKind.None))
                Read(method, methods);
            else if (member is not IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove })
                Report(Problem.Member, member, member.Name);
        }
        return methods;
    }

    public static string Display(ITypeSymbol? type) => type?.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(
        SymbolDisplayFormat.CSharpErrorMessageFormat.RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier)) ?? "";

    private void Read(IMethodSymbol symbol, List<Method> methods)
    {
        var returned = symbol.ReturnType as INamedTypeSymbol;
        var shape = returned?.OriginalDefinition.ToDisplayString() ?? "";
        var isPush = shape == "System.Collections.Generic.IAsyncEnumerable<T>";
        var isTask = shape is "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task<TResult>";
        var isValueTask = shape is "System.Threading.Tasks.ValueTask" or "System.Threading.Tasks.ValueTask<TResult>";
        if (!isPush && !isTask && !isValueTask)
        {
            Report(Problem.Result, symbol, symbol.Name);
            return;
        }
        var result = returned!.TypeArguments.Length == 0 ? new Value(returned, ValueKind.Nothing) : Classify(returned.TypeArguments[0], symbol);
        var method = new Method(symbol, NameOf(symbol, symbol.Name.EndsWith("Async", StringComparison.Ordinal) ? symbol.Name.Substring(0, symbol.Name.Length - 5) : symbol.Name), result, isPush, isValueTask);
        if (methods.Any(other => other.Name == method.Name))
            Report(Problem.Name, symbol, symbol.Name, method.Name);
        foreach (var parameter in symbol.Parameters)
        {
            var isToken = parameter.Type.ToDisplayString() == "System.Threading.CancellationToken";
            var value = isToken ? null : Classify(parameter.Type, parameter);
            var name = NameOf(parameter, parameter.Name);
            if (value?.Kind is ValueKind.Contract or ValueKind.ContractList)
                Report(Problem.Parameter, parameter, parameter.Name);
            if (!isToken && (name == "method" || method.Parameters.Any(other => other.Value is not null && other.Name == name)))
                Report(Problem.Name, parameter, parameter.Name, name);
            method.Parameters.Add((parameter, name, value));
        }
        methods.Add(method);
    }

    private Value Classify(ITypeSymbol type, ISymbol where)
    {
        if (IsReference(type))
            return new(type, ValueKind.Reference);
        if (IsContract(type))
            return new(type, ValueKind.Contract);
        if (type is INamedTypeSymbol { TypeArguments.Length: 1 } list && list.OriginalDefinition.ToDisplayString() == "System.Collections.Generic.IReadOnlyList<T>")
        {
            if (IsReference(list.TypeArguments[0]))
                return new(type, ValueKind.ReferenceList);
            if (IsContract(list.TypeArguments[0]))
                return new(type, ValueKind.ContractList);
        }
        var name = Display(type);
        if (HasReference(type))
            Report(Problem.Reference, where, where.Name, name);
        else if (!Plain.Contains(name) && !_written.Contains(name))
            Report(Problem.Json, where, name);
        return new(type, ValueKind.Json);
    }

    private static bool IsReference(ITypeSymbol type) => Display(type) is "Wharf.Plugins.ITable" or "Wharf.Plugins.IServerObject";

    private static bool IsContract(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Interface && type.GetAttributes().Any(data => data.AttributeClass?.ToDisplayString() == "Wharf.Rpc.RpcAttribute");

    private static bool HasReference(ITypeSymbol type) =>
        IsReference(type) || IsContract(type) || type.AllInterfaces.Any(IsReference)
        || (type is IArrayTypeSymbol array && HasReference(array.ElementType))
        || (type is INamedTypeSymbol named && named.TypeArguments.Any(HasReference));

    private static string NameOf(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(data => data.AttributeClass?.ToDisplayString() == "Wharf.Rpc.RpcNameAttribute")?.ConstructorArguments[0].Value as string ?? Snake(name);

    private static string Snake(string name)
    {
        var text = new StringBuilder();
        for (var index = 0; index < name.Length; index++)
        {
            var isWord = index > 0 && char.IsUpper(name[index])
                && (!char.IsUpper(name[index - 1]) || (index + 1 < name.Length && char.IsLower(name[index + 1]))) && name[index - 1] != '_';
            text.Append(isWord ? "_" : "").Append(char.ToLowerInvariant(name[index]));
        }
        return text.ToString();
    }

    private void Report(DiagnosticDescriptor problem, ISymbol where, params object[] arguments) =>
        Problems.Add(Diagnostic.Create(problem, where.Locations.FirstOrDefault(), arguments));
}
