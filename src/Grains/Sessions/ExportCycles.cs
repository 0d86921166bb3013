using System.Collections.Immutable;

namespace Wharf.Grains.Sessions;

/// <summary>Detects operations that would wait for themselves, directly or through existing operations.</summary>
internal sealed class ExportCycles(ImmutableArray<ExportDefinition> definitions, Dictionary<int, int> results, IReadOnlyDictionary<int, ExportNode> exports)
{
    // A vertex is the index of a new operation, or the node of an existing one.
    private readonly Dictionary<object, bool> _isDone = [];
    private readonly Stack<(object Vertex, IEnumerator<object> Edges)> _path = new();

    public bool HasCycle()
    {
        if (!MayHaveCycle())
            return false;
        for (var i = 0; i < definitions.Length; i++)
        {
            if (HasCycleFrom(i))
                return true;
        }

        return false;
    }

    // There is no cycle without a source in the batch, if no existing operation refers to the results.
    private bool MayHaveCycle()
    {
        foreach (var definition in definitions)
        {
            if (definition.ResultId != 0 && exports.ContainsKey(definition.ResultId))
                return true;
            foreach (var source in definition.Sources)
            {
                if (source.Kind == ExportSourceKind.Neighbour || (source.Kind == ExportSourceKind.Export && results.ContainsKey(source.Number)))
                    return true;
            }
        }

        return false;
    }

    private bool HasCycleFrom(int index)
    {
        if (!TryEnter(index))
            return false;
        while (_path.TryPeek(out var top))
        {
            if (!top.Edges.MoveNext())
            {
                _isDone[top.Vertex] = true;
                _path.Pop();
            }
            else if (!TryEnter(top.Edges.Current) && !_isDone[top.Edges.Current])
            {
                return true;
            }
        }

        return false;
    }

    private bool TryEnter(object vertex)
    {
        if (!_isDone.TryAdd(vertex, false))
            return false;
        _path.Push((vertex, (vertex is int index ? EdgesOf(definitions[index]) : EdgesOf((ExportNode)vertex)).GetEnumerator()));
        return true;
    }

    private IEnumerable<object> EdgesOf(ExportDefinition definition)
    {
        foreach (var source in definition.Sources)
        {
            if (source.Kind == ExportSourceKind.Neighbour)
                yield return source.Number;
            else if (source.Kind == ExportSourceKind.Export && VertexOf(source.Number) is { } vertex)
                yield return vertex;
        }
    }

    private IEnumerable<object> EdgesOf(ExportNode node)
    {
        foreach (var dependency in node.Dependencies ?? [])
            yield return dependency.IsExport && results.TryGetValue(dependency.Id, out var index) ? index : dependency;
    }

    private object? VertexOf(int id) => results.TryGetValue(id, out var index) ? index : exports.GetValueOrDefault(id);
}
