package dev.parley.worker.model;

import dev.parley.worker.llama.LlamaVocab;
import dev.parley.worker.template.RenderedPrompt;
import dev.parley.worker.template.Segment;
import java.util.ArrayList;
import java.util.List;

/// TEMPORARY ChatML until the template package lands.
final class TemplateRenderer {
  static PromptRenderer of(String template, LlamaVocab vocab) {
    return messages -> {
      List<Segment> s = new ArrayList<>();
      if (!messages.getFirst().role().equals("system")) {
        s.add(
            new Segment(
                "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n",
                -1));
      }
      for (int i = 0; i < messages.size(); i++) {
        s.add(new Segment("<|im_start|>" + messages.get(i).role() + "\n", -1));
        s.add(new Segment(messages.get(i).content(), i));
        s.add(new Segment("<|im_end|>\n", -1));
      }
      s.add(new Segment("<|im_start|>assistant\n", -1));
      return new RenderedPrompt(s);
    };
  }

  private TemplateRenderer() {}
}
