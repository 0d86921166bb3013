using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Wharf.Rpc.Generator;

namespace Wharf.Rpc.Tests;

/// <summary>A contract as the compiler sees it, with the generator in it. The source has a <c>[|mark|]</c> around each place that the generator has to point at.</summary>
internal sealed class Compiled
{
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private Compiled(TextSpan[] marks, Diagnostic[] problems, Diagnostic[] errors) => (Marks, Problems, Errors) = (marks, problems, errors);

    /// <summary>The places that are marked.</summary>
    public TextSpan[] Marks { get; }

    /// <summary>What the generator says.</summary>
    public Diagnostic[] Problems { get; }

    /// <summary>What the compiler says of the source and of what the generator made of it.</summary>
    public Diagnostic[] Errors { get; }

    public static Compiled Of(string contract)
    {
        var (source, marks) = ReadMarks(
            "using System;\nusing System.Collections.Generic;\nusing System.Threading;\nusing System.Threading.Tasks;\nusing Wharf.Plugins;\nusing Wharf.Rpc;\nnamespace Tried;\n" + contract);
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var cancellation = TestContext.Current.CancellationToken;
        var compilation = CSharpCompilation.Create(
            "Tried", [CSharpSyntaxTree.ParseText(source, options, cancellationToken: cancellation)], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new ContractGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var made, out var problems, cancellation);
        return new(marks, [.. problems], [.. made.GetDiagnostics(cancellation).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)]);
    }

    private static (string Source, TextSpan[] Marks) ReadMarks(string marked)
    {
        List<TextSpan> marks = [];
        while (marked.IndexOf("[|", StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = marked.IndexOf("|]", start, StringComparison.Ordinal) - 2;
            marked = marked.Remove(start, 2).Remove(end, 2);
            marks.Add(TextSpan.FromBounds(start, end));
        }
        return (marked, [.. marks]);
    }
}
