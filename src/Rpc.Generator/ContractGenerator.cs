using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Wharf.Rpc.Generator;

/// <summary>Generates the contract of each interface with the attribute <c>Rpc</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ContractGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var contracts = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Wharf.Rpc.RpcAttribute",
            static (node, _) => node is InterfaceDeclarationSyntax,
            static (found, _) => Make((INamedTypeSymbol)found.TargetSymbol, found.Attributes[0]));
        context.RegisterSourceOutput(contracts, static (output, made) =>
        {
            foreach (var problem in made.Problems)
                output.ReportDiagnostic(problem);
            if (made.Source is not null)
                output.AddSource(made.File, made.Source);
        });
    }

    private static (string File, string? Source, ImmutableArray<Diagnostic> Problems) Make(INamedTypeSymbol contract, AttributeData attribute)
    {
        var reader = new ContractReader(contract, attribute);
        var methods = reader.Read();
        var file = contract.ToDisplayString().Replace('<', '_').Replace('>', '_') + ".Rpc.g.cs";
        return (file, reader.Problems.Count == 0 ? ContractWriter.Write(contract, reader, methods) : null, reader.Problems.ToImmutableArray());
    }
}
