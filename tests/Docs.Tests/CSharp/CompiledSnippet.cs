using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Wharf.Docs.Tests.Pages;
using Wharf.Rpc.Generator;

namespace Wharf.Docs.Tests.CSharp;

/// <summary>Compiles a C# block with the implicit usings of a project, its prelude, and the contract generator.</summary>
internal static class CompiledSnippet
{
    private const string Implicit = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path))];

    /// <summary>Compiles a block in memory.</summary>
    /// <returns>The errors of the compiler, each with its line.</returns>
    public static IReadOnlyList<string> Errors(Snippet snippet, CancellationToken cancellationToken)
    {
        var source = Preludes.Complete(snippet);
        var tree = CSharpSyntaxTree.ParseText(source, Options, cancellationToken: cancellationToken);
        var isProgram = tree.GetCompilationUnitRoot(cancellationToken).Members.OfType<GlobalStatementSyntax>().Any();
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [tree, CSharpSyntaxTree.ParseText(Implicit, Options, cancellationToken: cancellationToken)],
            References,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new ContractGenerator().AsSourceGenerator()], parseOptions: Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var made, out var problems, cancellationToken);
        return [.. problems.Concat(made.GetDiagnostics(cancellationToken)).Where(static one => one.Severity == DiagnosticSeverity.Error).Select(one => $"{one}  |  {Line(one, source)}")];
    }

    private static string Line(Diagnostic diagnostic, string source) =>
        diagnostic.Location.SourceTree is { FilePath: "" }
            ? source.Split('\n').ElementAtOrDefault(diagnostic.Location.GetLineSpan().StartLinePosition.Line) ?? ""
            : "";
}
