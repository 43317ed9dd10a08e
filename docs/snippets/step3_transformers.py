"""Asks the text part of a Step-3 folder by transformers.

python step3_transformers.py FOLDER "turn on the ac"
"""

import sys

from transformers import AutoModelForCausalLM, AutoTokenizer

from edgewise.step3.registered import register

register()  # from here on the Auto classes know both kinds of Step-3 folder

if __name__ == "__main__":
    folder, asked = sys.argv[1:]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder)
    said = [{"role": "user", "content": asked}]
    prompt = tokenizer.apply_chat_template(
        said, add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    written = model.generate(prompt["input_ids"], max_new_tokens=32, do_sample=False)
    print(tokenizer.decode(written[0, prompt["input_ids"].shape[1] :], skip_special_tokens=True))
